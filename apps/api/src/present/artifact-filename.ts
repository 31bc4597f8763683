import type { ArtifactRecord } from '@singan/database';

const EXTENSIONS: Record<string, string> = {
  'image/png': 'png',
  'image/webp': 'webp',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
};

/** Name to save a picture under, such as `sample-3-art_01J….png`. Its parts come from the service alone, so they need no quoting. */
export function artifactFilename({ kind, index, scale, id, contentType }: ArtifactRecord): string {
  const number = index ?? scale;
  const parts = [kind, number, id].filter((part) => part !== null);
  return `${parts.join('-')}.${EXTENSIONS[contentType] ?? 'bin'}`;
}
