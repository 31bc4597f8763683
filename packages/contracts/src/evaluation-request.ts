import { z } from 'zod';
import { EVALUATION_METRICS, evaluationMetricSchema } from './evaluation.ts';
import { pictureFields } from './request-fields.ts';
import { seedSchema } from './training-config.ts';
import { webhookRequestSchema } from './webhook.ts';

/** Samples of one evaluation: two for a diversity, and no more than a minute or two of drawing. */
export const EVALUATION_SAMPLES = { min: 2, max: 100 } as const;

const fields = {
  samples: z
    .int()
    .min(EVALUATION_SAMPLES.min)
    .max(EVALUATION_SAMPLES.max)
    .default(50)
    .describe('Samples that are drawn and scored; they are those of a sample job with the same seed and startScale'),
  startScale: z
    .int()
    .default(0)
    .describe(
      'First scale with fresh noise: an index from the coarsest, or a negative one from the finest (-1 is the finest)',
    ),
  metrics: z
    .array(evaluationMetricSchema)
    .min(1)
    .refine((metrics) => new Set(metrics).size === metrics.length, 'name each metric once')
    .default([...EVALUATION_METRICS])
    .describe('What the samples are scored by'),
  seed: pictureFields.seed,
};

/** `POST /models/:id/evaluations`. */
export const createEvaluationSchema = z.strictObject({ ...fields, webhook: webhookRequestSchema.optional() });
export type CreateEvaluation = z.infer<typeof createEvaluationSchema>;

/** Input of an `evaluate` job: `startScale` is an index from the coarsest. */
export const evaluateInputSchema = z.strictObject({
  ...fields,
  startScale: z.int().nonnegative(),
  seed: seedSchema,
});
export type EvaluateInput = z.infer<typeof evaluateInputSchema>;
