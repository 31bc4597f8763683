import type { NewArtifact } from '@singan/database';
import type { ObjectStore } from '@singan/storage';
import type { EncodedPicture } from '../protocol.ts';

export type ArtifactFacts = Pick<NewArtifact, 'id' | 'kind' | 'key' | 'scale' | 'index' | 'seed' | 'details'>;

/** Stores an encoded picture; the answer is the row to record of it. */
export async function storePicture(
  store: ObjectStore,
  picture: EncodedPicture,
  facts: ArtifactFacts,
): Promise<NewArtifact> {
  const { contentType, width, height } = picture;
  const { sizeBytes, sha256 } = await store.put(facts.key, picture.bytes, { contentType });
  return { ...facts, contentType, sizeBytes, sha256, width, height };
}
