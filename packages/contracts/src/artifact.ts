import { z } from 'zod';

/**
 * Pictures that a caller sent with a job: the one of the task (a painting, composite or edited picture), its mask, an object to lay on
 * the training image, and what a super-resolution is compared with.
 */
export const INPUT_KINDS = ['input-image', 'input-mask', 'input-object', 'input-ground-truth'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** What an artifact is. Bytes of an artifact never change. `unmasked`: the generated picture before it is blended by the mask. */
export const ARTIFACT_KINDS = [
  'source',
  'working',
  'preview',
  'reconstruction',
  'scale-sample',
  'sample',
  'painting',
  'harmonization',
  'harmonization-unmasked',
  'edit',
  'edit-unmasked',
  'animation',
  'super-resolution',
  'contact-sheet',
  ...INPUT_KINDS,
] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

export function isInputKind(kind: ArtifactKind): kind is InputKind {
  return INPUT_KINDS.some((input) => input === kind);
}

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

/** What only some outputs have. */
export const outputDetailsSchema = z.object({
  startScale: z.int().nonnegative().optional().describe('Scale that the task began at'),
  frames: z.int().positive().optional().describe('Of an animation'),
  fps: z.number().positive().optional().describe('Of an animation: frames a second'),
  metrics: z
    .object({
      rmse: z.number().nonnegative().describe('Root mean square error on luma (BT.601), in levels of 0 to 255'),
      psnr: z.number().nullable().describe('Peak signal-to-noise ratio, dB; null when there is no difference'),
    })
    .optional()
    .describe('Of a super-resolution with a ground truth: how far it is from it'),
});
export type OutputDetails = z.infer<typeof outputDetailsSchema>;

/** A picture that a job made, as the job lists it. */
export const outputSchema = z.object({
  artifact: z.string().describe('Id of the artifact'),
  kind: z.enum(ARTIFACT_KINDS),
  width: z.int().positive(),
  height: z.int().positive(),
  seed: z.int().nonnegative().nullable(),
  index: z.int().nonnegative().nullable().describe('Number of the sample within its request, and its start scale'),
  ...outputDetailsSchema.shape,
  links: z.object({ content: z.string() }),
});
export type Output = z.infer<typeof outputSchema>;

/** A picture that was sent with a job, as the service keeps it. */
export const inputPictureSchema = z.object({
  artifact: z.string().describe('Id of the artifact'),
  kind: z.enum(INPUT_KINDS),
  width: z.int().positive(),
  height: z.int().positive(),
  links: z.object({ content: z.string() }),
});
export type InputPicture = z.infer<typeof inputPictureSchema>;
