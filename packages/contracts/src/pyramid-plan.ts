import { z } from 'zod';

/** One scale of a plan; scale 0 is the coarsest. */
export const planLevelSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  channels: z.int().positive().describe('Channels of every hidden layer of this scale'),
  iterations: z.int().positive(),
});
export type PlanLevel = z.infer<typeof planLevelSchema>;

/** The pyramid of a training: what is decided before the first step. `levels[0]` is the coarsest, the last one has the working size. */
export const pyramidPlanSchema = z.object({
  scaleFactor: z
    .number()
    .min(1)
    .describe('r, size ratio of neighbouring scales; 1 only when the picture has exactly minSize'),
  levels: z.array(planLevelSchema).min(2),
});
export type PyramidPlan = z.infer<typeof pyramidPlanSchema>;

/** What a training is expected to take; the seconds are a guess from the engine's measured speed. */
export const trainingEstimateSchema = z.object({
  memoryBytes: z.number().nonnegative(),
  gigaFlops: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
});
export type TrainingEstimate = z.infer<typeof trainingEstimateSchema>;
