import { type Artifact, type InputPicture, isInputKind, type Output } from '@singan/contracts';
import type { ArtifactRecord } from '@singan/database';
import { links } from './links.ts';

export function presentArtifact(artifact: ArtifactRecord): Artifact {
  const { id, kind, modelId, jobId, contentType, sizeBytes, sha256, width, height, createdAt } = artifact;
  return {
    id,
    kind,
    modelId,
    jobId,
    contentType,
    sizeBytes,
    sha256,
    width,
    height,
    createdAt: createdAt.toISOString(),
    links: { self: links.artifact(id), content: links.artifactContent(id) },
  };
}

/** An artifact as the job that made it lists it; null for one without a size, which is no picture. */
export function presentOutput(artifact: ArtifactRecord): Output | null {
  const { id, kind, width, height, seed, index, details } = artifact;
  if (width === null || height === null) return null;
  return { artifact: id, kind, width, height, seed, index, ...details, links: { content: links.artifactContent(id) } };
}

/** An artifact as the job that was given it lists it. */
export function presentInput({ id, kind, width, height }: ArtifactRecord): InputPicture | null {
  if (width === null || height === null || !isInputKind(kind)) return null;
  return { artifact: id, kind, width, height, links: { content: links.artifactContent(id) } };
}
