import { z } from 'zod';

/** What an artifact is. Bytes of an artifact never change. */
export const ARTIFACT_KINDS = [
  'source',
  'working',
  'preview',
  'reconstruction',
  'scale-sample',
  'sample',
  'contact-sheet',
] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

export const artifactSchema = z.object({
  id: z.string(),
  kind: z.enum(ARTIFACT_KINDS),
  modelId: z.string(),
  jobId: z.string().nullable(),
  contentType: z.string(),
  sizeBytes: z.int().nonnegative(),
  sha256: z.string(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  createdAt: z.iso.datetime(),
  links: z.object({ self: z.string(), content: z.string() }),
});
export type Artifact = z.infer<typeof artifactSchema>;

/** A picture that a job made, as the job lists it. */
export const outputSchema = z.object({
  artifact: z.string().describe('Id of the artifact'),
  kind: z.enum(ARTIFACT_KINDS),
  width: z.int().positive(),
  height: z.int().positive(),
  seed: z.int().nonnegative().nullable(),
  index: z.int().nonnegative().nullable().describe('Number of the sample within its request'),
  links: z.object({ content: z.string() }),
});
export type Output = z.infer<typeof outputSchema>;
