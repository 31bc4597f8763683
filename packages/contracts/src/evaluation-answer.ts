import { z } from 'zod';
import { evaluationScoresSchema } from './evaluation.ts';

/** The scores of a set of samples, and how the set was drawn. */
export const evaluationSchema = z.object({
  id: z.string(),
  modelId: z.string(),
  jobId: z.string(),
  startScale: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  ...evaluationScoresSchema.shape,
  createdAt: z.iso.datetime(),
  links: z.object({ job: z.string() }),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
