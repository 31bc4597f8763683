import { MODEL_STATES } from '@singan/domain';
import { z } from 'zod';
import { evaluationScoresSchema, sifidLayerSchema } from './evaluation.ts';
import { evaluationSchema } from './evaluation-answer.ts';
import { pyramidPlanSchema, trainingEstimateSchema } from './pyramid-plan.ts';
import { trainingConfigSchema } from './training-config.ts';

/** What the upload was and what was done to it. */
export const sourceInfoSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  format: z.string(),
  channels: z.int().positive(),
  bitDepth: z.int().positive(),
  colourSpace: z.string(),
  orientation: z.int().min(1).max(8).describe('EXIF orientation that was undone; 1 is upright'),
  alpha: z.string().nullable().describe('Colour that a transparent picture was laid over; null for an opaque one'),
});
export type SourceInfo = z.infer<typeof sourceInfoSchema>;

const lossPointSchema = z.object({
  iteration: z.int().positive(),
  discriminatorReal: z.number(),
  discriminatorFake: z.number(),
  gradientPenalty: z.number(),
  generatorAdversarial: z
    .number()
    .describe('Of a loss without discriminator, whose other terms are 0, the distance of the patches'),
  reconstruction: z.number(),
});
export type LossPoint = z.infer<typeof lossPointSchema>;

const layerDistancesSchema = z.record(sifidLayerSchema, z.number().nonnegative().nullable());

/** SIFID of the pictures of a finished scale to the picture that the scale was trained on; null at a layer that it is too small for. */
export const scaleSifidSchema = z.object({
  ...evaluationScoresSchema.pick({ version: true, weights: true, inputRange: true }).shape,
  reconstruction: layerDistancesSchema,
  sample: layerDistancesSchema,
});
export type ScaleSifid = z.infer<typeof scaleSifidSchema>;

export const scaleSchema = z.object({
  index: z.int().nonnegative(),
  width: z.int().positive(),
  height: z.int().positive(),
  channels: z.int().positive(),
  noiseAmplitude: z.number(),
  iterations: z.int().positive(),
  seconds: z.number().nonnegative(),
  losses: z.array(lossPointSchema).describe('Down-sampled curve, at most 200 points'),
  sifid: scaleSifidSchema
    .nullable()
    .describe('How close the scale came; null for one that was trained before this was measured'),
  links: z.object({ reconstruction: z.string(), sample: z.string() }),
});
export type Scale = z.infer<typeof scaleSchema>;

export const modelSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  state: z.enum(MODEL_STATES),
  config: trainingConfigSchema,
  source: sourceInfoSchema,
  working: z.object({ width: z.int().positive(), height: z.int().positive() }),
  gray: z.boolean().describe('Whether the file stores gray values; then everything that the model makes is gray too'),
  pyramid: pyramidPlanSchema,
  estimate: trainingEstimateSchema,
  scalesDone: z.int().nonnegative(),
  scales: z.array(scaleSchema).optional().describe('Only in the answer for one model'),
  evaluations: z
    .array(evaluationSchema)
    .optional()
    .describe('The newest one of each start scale; only in the answer for one model'),
  trainingJobId: z.string(),
  createdAt: z.iso.datetime(),
  readyAt: z.iso.datetime().nullable(),
  links: z.object({
    self: z.string(),
    scales: z.string(),
    samples: z.string(),
    paintings: z.string(),
    harmonizations: z.string(),
    edits: z.string(),
    animations: z.string(),
    superResolutions: z.string(),
    evaluations: z.string(),
    image: z.string(),
    trainingJob: z.string(),
  }),
});
export type Model = z.infer<typeof modelSchema>;
