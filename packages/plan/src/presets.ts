import type { Preset, TrainingConfig } from '@singan/contracts';

/** What a preset decides; the seed is drawn for each training, and the factor belongs to a purpose. */
export type PresetValues = Omit<TrainingConfig, 'preset' | 'seed' | 'superResolutionFactor'>;

/** Values of the paper (arXiv 1905.01164, section 2.3 and its supplement) and of its published code. */
const PAPER: PresetValues = {
  purpose: 'general',
  scheme: 'sequential',
  // The paper's training size: longer side 250 px, coarsest shorter side 25 px, so that the 11 px receptive field covers about half of it.
  maxSize: 250,
  minSize: 25,
  // As many scales as make the factor closest to 4/3.
  pyramid: { rule: 'paper' },
  // 2000 iterations at every scale, each of 3 discriminator and 3 generator steps.
  iterations: 2000,
  finestIterations: 2000,
  discriminatorSteps: 3,
  generatorSteps: 3,
  // 32 channels at the coarsest scales, doubled every fourth scale; the published code stops at 128.
  baseChannels: 32,
  maxChannels: 128,
  learningRate: 5e-4,
  padding: 'zero',
  normalization: 'batch',
  activation: 'leakyRelu',
  loss: 'wgan-gp',
  // As the paper says; its published code draws another one in each iteration.
  reconstructionNoise: 'fixed',
  reconstructionWeight: 10,
  gradientPenaltyWeight: 0.1,
  noiseAmplitudeFactor: 0.1,
};

/** A training of some six minutes on two cores with the native engine, at the paper's size. Its values are from trials: docs/presets.md. */
const FAST: PresetValues = {
  ...PAPER,
  // The layout is made at the coarsest scales, which are cheap: they keep the most iterations. The finest, where nearly all the time
  // would go, only add texture, and start from the weights of the scale before.
  iterations: 1500,
  finestIterations: 150,
  // As the published code: a coarsest scale that does not know the picture by heart is better built, and samples from the next one vary.
  reconstructionNoise: 'redrawn',
  // Doubling the channels would make the finest scales four times as slow, and each doubling starts from fresh weights.
  maxChannels: 32,
};

/** A first look in less than two minutes on two cores with the native engine. */
const QUICK: PresetValues = {
  ...FAST,
  iterations: 200,
  finestIterations: 40,
  // In so few iterations nothing is gained by redrawing it, and pictures that are put in at scale 1 come out torn.
  reconstructionNoise: 'fixed',
};

export const PRESET_VALUES: Readonly<Record<Preset, PresetValues>> = { quick: QUICK, fast: FAST, paper: PAPER };

/** Taken when a caller names none: about as good as the published training, within minutes. */
export const DEFAULT_PRESET: Preset = 'fast';
