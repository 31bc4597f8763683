import { z } from 'zod';
import { seedSchema } from './training-config.ts';

export const SAMPLE_FORMATS = ['png', 'webp', 'jpeg'] as const;
export type SampleFormat = (typeof SAMPLE_FORMATS)[number];

/** What every request for pictures may say. */
export const pictureFields = {
  seed: seedSchema.optional().describe('Seed of the noise; drawn for you when absent'),
  format: z.enum(SAMPLE_FORMATS).default('png'),
};

/** Which scale a task begins at; `resolveStartScales` of the plan makes indices of it. */
export const startScaleSchema = z.union([z.int(), z.literal('all')], {
  error: 'a whole number, negative to count from the finest, or "all"',
});
export type StartScale = z.infer<typeof startScaleSchema>;

/** The end of each description of a `startScale`. */
export const START_SCALE_HINT =
  'An index from the coarsest, a negative one from the finest (-1 is the finest), or "all": the outputs of every scale, with a contact sheet';

/** What the service adds to the input of a job with a `startScale`. */
export const startScalesField = {
  startScales: z.array(z.int().nonnegative()).min(1).describe('startScale as indices, coarsest first'),
};

/** What the service adds to the input of a job with pictures of the caller's. */
export const adjustmentsField = {
  adjustments: z.array(z.string()).describe('What is done to the pictures that were sent, such as resizing'),
};
