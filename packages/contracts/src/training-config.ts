import { z } from 'zod';

export const PRESETS = ['quick', 'fast', 'paper'] as const;
export type Preset = (typeof PRESETS)[number];

/** What a model is trained for; see `trainingConfigSchema`. */
export const PURPOSES = ['general', 'super-resolution', 'animation'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** sequential: a generator for each scale, one after the other (SinGAN). concurrent: one that grows, whose newest stages are trained together (ConSinGAN). */
export const SCHEMES = ['sequential', 'concurrent'] as const;
export type Scheme = (typeof SCHEMES)[number];

/**
 * What surrounds the picture that a generator is given. zero: zeros. noise: noise, around an image of the scale before that is padded with
 * zeros. circular: the picture itself, repeated, so that samples tile. reflect: the picture, mirrored at its border.
 */
export const PADDINGS = ['zero', 'noise', 'circular', 'reflect'] as const;
export type Padding = (typeof PADDINGS)[number];

/** Statistics that hidden layers are normalised by. batch: of the picture in training, running ones after it. instance: of the picture at hand, always. */
export const NORMALIZATIONS = ['batch', 'instance', 'none'] as const;
export type Normalization = (typeof NORMALIZATIONS)[number];

/** leakyRelu has slope 0.2 for negative values, elu alpha 1. */
export const ACTIVATIONS = ['leakyRelu', 'relu', 'elu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/**
 * z*, the noise that the coarsest scale learns to make the picture of. fixed: drawn once, as the paper says. redrawn: anew in each iteration, the last
 * one kept, as its published code does. Then the coarsest scale is no copy, and the next one is given more noise and varies more.
 */
export const RECONSTRUCTION_NOISES = ['fixed', 'redrawn'] as const;
export type ReconstructionNoise = (typeof RECONSTRUCTION_NOISES)[number];

/** What tells a sample from the picture: a discriminator that is trained too, or a fixed distance between their patches. */
export const LOSSES = ['wgan-gp', 'frechet-patch', 'nearest-patch', 'aligned-patch'] as const;
export type Loss = (typeof LOSSES)[number];

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
 * Fields that configurations did not have at first, with what trainings then did. Stored ones lack them: reading fills them in, and a
 * fingerprint leaves these values out, so that it stays what it was.
 */
export const LATER_FIELDS = {
  scheme: 'sequential',
  normalization: 'batch',
  activation: 'leakyRelu',
  loss: 'wgan-gp',
  reconstructionNoise: 'fixed',
} as const;

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
  scheme: z
    .enum(SCHEMES)
    .default(LATER_FIELDS.scheme)
    .describe(
      'How scales are trained. sequential: each with a generator of its own, as the paper says; concurrent: stages of one generator that grows, ' +
        'the newest together, with 64 channels in all: faster, for pictures without super-resolution',
    ),
  concurrentStages: z
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe('Only for scheme concurrent, default 3: how many of the newest stages are trained together'),
  learningRateScale: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'Only for scheme concurrent, default 0.1: factor of the learning rate from a stage to the one before; 0.5 makes samples more faithful and less varied',
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
  discriminatorSteps: z
    .int()
    .min(0)
    .max(10)
    .describe('Discriminator steps per iteration; 0 for a loss without discriminator, and only for one'),
  generatorSteps: z.int().min(1).max(10).describe('Generator steps per iteration'),
  baseChannels: z.int().min(4).max(128).describe('Channels of the coarsest scales; doubled every fourth scale'),
  maxChannels: z.int().min(4).max(128).describe('Where the doubling of channels ends'),
  learningRate: z.number().gt(0).max(0.1).describe('Adam learning rate; a tenth of it from 80 % of the iterations'),
  padding: z
    .enum(PADDINGS)
    .describe(
      'What surrounds the input of a generator: zeros; noise too, which lets the border of an animation move; the picture repeated (circular), ' +
        'which makes samples that tile; or the picture mirrored (reflect)',
    ),
  normalization: z
    .enum(NORMALIZATIONS)
    .default(LATER_FIELDS.normalization)
    .describe(
      'Normalisation of hidden layers. batch: by running statistics once a scale is trained; instance: always by the statistics of the picture at hand, ' +
        'so samples cannot be made in tiles; none',
    ),
  activation: z
    .enum(ACTIVATIONS)
    .default(LATER_FIELDS.activation)
    .describe('Activation of hidden layers: leakyRelu (slope 0.2), relu, elu (alpha 1)'),
  loss: z
    .enum(LOSSES)
    .default(LATER_FIELDS.loss)
    .describe(
      'What makes samples look like the picture. wgan-gp: a discriminator. Without one, by a distance between the 11x11 patches of sample and picture: ' +
        'frechet-patch (of their means and covariances), nearest-patch (to the nearest of the picture), aligned-patch (to the one at the same place)',
    ),
  reconstructionNoise: z
    .enum(RECONSTRUCTION_NOISES)
    .default(LATER_FIELDS.reconstructionNoise)
    .describe(
      'Noise that the coarsest scale learns to make the picture of. fixed: the same in all iterations, as the paper says; redrawn: another in each, ' +
        'as its published code does: samples from start scale 1 vary more',
    ),
  reconstructionWeight: z.number().min(0).max(1000).describe('alpha, weight of the reconstruction loss'),
  gradientPenaltyWeight: z
    .number()
    .min(0)
    .max(1000)
    .describe('lambda, weight of the gradient penalty; 0 for a loss without discriminator'),
  noiseAmplitudeFactor: z
    .number()
    .gt(0)
    .max(10)
    .describe('sigma of a scale = this factor times the RMSE of the reconstruction so far'),
  seed: seedSchema.describe('Seed of all randomness; drawn for you when absent'),
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

/** What a caller may send: any subset. `pyramid` too may be partial. */
export const trainingConfigInputSchema = trainingConfigSchema
  .extend({
    pyramid: pyramidSchema.partial(),
    // Without the defaults of stored configurations: here those of preset and purpose fill what is left out.
    scheme: trainingConfigSchema.shape.scheme.unwrap(),
    normalization: trainingConfigSchema.shape.normalization.unwrap(),
    activation: trainingConfigSchema.shape.activation.unwrap(),
    loss: trainingConfigSchema.shape.loss.unwrap(),
    reconstructionNoise: trainingConfigSchema.shape.reconstructionNoise.unwrap(),
  })
  .partial();
export type TrainingConfigInput = z.infer<typeof trainingConfigInputSchema>;
