import type { PlanLevel, PyramidPlan, TrainingConfig } from '@singan/contracts';
import { hasDiscriminator } from './loss-values.ts';
import { GENERATOR_PADDING } from './network-shape.ts';
import { patchFilterBytes } from './patch-loss-flops.ts';

/** What the feature maps of a training depend on. */
export type MemoryFacts = Pick<TrainingConfig, 'loss' | 'activation'>;

/** Blocks with C channels in a net. */
const BLOCKS = 4;

/** Of the one layer at work: padded input of dX, and nine shifted slices of dW. */
const WORKSPACE = 10;

/**
 * Feature maps (H x W x C float32) alive at the peak: inside the double backward of a discriminator step, when the tape still holds all three
 * forwards; without a discriminator at the end of the two forwards of a generator step. A block keeps two of them for its backward, the
 * normalised convolution and the activation; with ELU, which is not fused with the convolution, one more.
 */
function aliveFeatureMaps({ loss, activation }: MemoryFacts): number {
  const eluMaps = activation === 'elu' ? 1 : 0;
  const perForward = BLOCKS * (2 + eluMaps);
  if (!hasDiscriminator(loss)) return 2 * perForward + BLOCKS + WORKSPACE;
  // First backward of the gradient penalty, kept for the second one: cotangents of activation and convolution.
  const firstBackward = BLOCKS * (2 + eluMaps);
  // The cotangent that it carries up and the one it adds to the forward's.
  const doubleBackward = BLOCKS * (2 + 2 * eluMaps);
  return 3 * perForward + firstBackward + doubleBackward + WORKSPACE;
}

/**
 * What the tape and the heap of an engine take on top: temporaries of composed kernels, and a heap that grows in steps and never shrinks.
 * Measured on the wasm engine: the process grew by 109, 112 and 118 maps at 80x60x32, 140x106x64 and 200x150x64.
 */
const OVERHEAD = 2.4;

const FLOAT_BYTES = 4;

/** Node with TF.js and the wasm engine before its first step, measured; weights, optimiser states and pictures are small beside it. */
const BASE_BYTES = 128 * 2 ** 20;

/** Bytes of the process that trains, at the peak of its largest scale. Generators run on padded pictures, so the padded size counts. */
export function peakTrainingBytes(plan: PyramidPlan, facts: MemoryFacts): number {
  const largest = Math.max(...plan.levels.map((level) => levelBytes(level, facts)));
  return Math.ceil(BASE_BYTES + largest);
}

function levelBytes(level: PlanLevel, facts: MemoryFacts): number {
  const patches = facts.loss === 'nearest-patch' ? patchFilterBytes(level) : 0;
  return OVERHEAD * aliveFeatureMaps(facts) * featureMapBytes(level) + patches;
}

function featureMapBytes(level: PlanLevel): number {
  const width = level.width + 2 * GENERATOR_PADDING;
  const height = level.height + 2 * GENERATOR_PADDING;
  return width * height * level.channels * FLOAT_BYTES;
}
