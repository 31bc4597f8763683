import { z } from 'zod';

export const PRESETS = ['quick', 'paper'] as const;
export type Preset = (typeof PRESETS)[number];

/** What a model is trained for; see `trainingConfigSchema`. */
export const PURPOSES = ['general', 'super-resolution', 'animation'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What surrounds the picture that a generator is given: zeros, or noise too; the image of the scale before is always padded with zeros. */
export const PADDINGS = ['zero', 'noise'] as const;
export type Padding = (typeof PADDINGS)[number];

/** Largest enlargement of one super-resolution. */
export const MAX_SUPER_RESOLUTION_FACTOR = 8;

/** Enlargement asked of a trained model. */
export const superResolutionFactorSchema = z.number().gt(1).max(MAX_SUPER_RESOLUTION_FACTOR);

/** Largest seed: seeds are unsigned 32-bit integers, one half of the noise generator's key. */
export const MAX_SEED = 0xffff_ffff;
export const seedSchema = z.int().min(0).max(MAX_SEED);

const pyramidSchema = z.strictObject({
  rule: z
    .enum(['paper', 'reference'])
    .describe('How many scales and which factor: as the paper says, or as its published code does'),
  scaleCount: z.int().min(2).max(16).optional().describe('Number of scales; the factor between them follows from it'),
  scaleFactor: z
    .number()
    .min(1.1)
    .max(2)
    .optional()
    .describe('Wanted size ratio of neighbouring scales; the count follows from it'),
});

/**
 * Everything that decides a training. Two trainings with equal values, picture and engine give equal bytes.
 * The defaults of each preset are in @singan/plan.
 */
export const trainingConfigSchema = z.strictObject({
  preset: z.enum(PRESETS).describe('Set of defaults that the other fields override'),
  purpose: z
    .enum(PURPOSES)
    .describe(
      'What the model is for; decides defaults. super-resolution: reconstructionWeight 100, scales as far apart as the steps of superResolutionFactor; ' +
        'animation: padding noise, minSize 20, reconstructionWeight 100',
    ),
  superResolutionFactor: superResolutionFactorSchema
    .min(1.1)
    .optional()
    .describe(
      'Only for purpose super-resolution, default 4: the enlargement that the scales are laid out for; others can be asked of the model later',
    ),
  maxSize: z.int().min(32).max(1024).describe('Longer side of the working image, px; larger pictures are shrunk to it'),
  minSize: z.int().min(16).max(128).describe('Shorter side of the coarsest scale, px'),
  pyramid: pyramidSchema,
  iterations: z.int().min(1).max(10_000).describe('Iterations of the coarsest scale'),
  finestIterations: z
    .int()
    .min(1)
    .max(10_000)
    .describe('Iterations of the finest scale; the scales between follow a geometric series'),
  discriminatorSteps: z.int().min(1).max(10).describe('Discriminator steps per iteration'),
  generatorSteps: z.int().min(1).max(10).describe('Generator steps per iteration'),
  baseChannels: z.int().min(4).max(128).describe('Channels of the coarsest scales; doubled every fourth scale'),
  maxChannels: z.int().min(4).max(128).describe('Where the doubling of channels ends'),
  learningRate: z.number().gt(0).max(0.1).describe('Adam learning rate; a tenth of it from 80 % of the iterations'),
  padding: z
    .enum(PADDINGS)
    .describe(
      'What surrounds the input of a generator: zeros, or noise too, which lets the border of an animation move',
    ),
  reconstructionWeight: z.number().min(0).max(1000).describe('alpha, weight of the reconstruction loss'),
  gradientPenaltyWeight: z.number().min(0).max(1000).describe('lambda, weight of the gradient penalty'),
  noiseAmplitudeFactor: z
    .number()
    .gt(0)
    .max(10)
    .describe('sigma of a scale = this factor times the RMSE of the reconstruction so far'),
  seed: seedSchema.describe('Seed of all randomness; drawn for you when absent'),
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

/** What a caller may send: any subset. `pyramid` too may be partial. */
export const trainingConfigInputSchema = trainingConfigSchema.extend({ pyramid: pyramidSchema.partial() }).partial();
export type TrainingConfigInput = z.infer<typeof trainingConfigInputSchema>;
