import { z } from 'zod';

/** Layers of Inception-v3 whose features SIFID compares. `conv2d_2b`: 64 channels, before the first pooling; `conv2d_4a`: 192, before the second. */
export const SIFID_LAYERS = ['conv2d_2b', 'conv2d_4a'] as const;
export const sifidLayerSchema = z.enum(SIFID_LAYERS);
export type SifidLayer = z.infer<typeof sifidLayerSchema>;

/** What a set of samples can be scored by. */
export const EVALUATION_METRICS = ['sifid', 'diversity', 'copyScore'] as const;
export const evaluationMetricSchema = z.enum(EVALUATION_METRICS);
export type EvaluationMetric = z.infer<typeof evaluationMetricSchema>;

/** How a score is spread over the samples. */
export const spreadSchema = z.object({
  mean: z.number(),
  median: z.number(),
  std: z.number().nonnegative().describe('Standard deviation of the population: divided by the count of the samples'),
});
export type Spread = z.infer<typeof spreadSchema>;

export const sampleScoresSchema = spreadSchema.extend({
  values: z.array(z.number().nonnegative()).min(1).describe('One for each sample, in their order'),
});
export type SampleScores = z.infer<typeof sampleScoresSchema>;

/** Scores of a set of samples against the picture that the model was trained on. What was not asked for is null. */
export const evaluationScoresSchema = z.object({
  version: z.int().positive().describe("Version of the metrics' definition: compare only scores of one version"),
  weights: z.string().describe('Weights of Inception-v3 behind the SIFID: compare only scores of the same weights'),
  inputRange: z.tuple([z.number(), z.number()]).describe('Range of pixel values that these weights take'),
  sifid: z
    .record(sifidLayerSchema, sampleScoresSchema)
    .nullable()
    .describe('Single image Fréchet Inception distance at each layer, lower is closer'),
  diversity: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      "Standard deviation of a pixel's intensity over the samples, as a share of the picture's; null for one sample",
    ),
  copyScore: sampleScoresSchema
    .nullable()
    .describe('Share of the 11x11 patches of a sample that are copied from the same place of the picture'),
  samples: z.int().positive(),
});
export type EvaluationScores = z.infer<typeof evaluationScoresSchema>;
