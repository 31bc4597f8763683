import type { PlanLevel, PyramidPlan } from '@singan/contracts';
import { GENERATOR_PADDING } from './network-shape.ts';

/**
 * Feature maps (H x W x C float32) alive at the peak: inside the double backward of a discriminator step, when the tape still holds all three forwards.
 * A block keeps two of them for its backward, the normalised convolution and the activation; there are four blocks with C channels.
 */
const ALIVE_FEATURE_MAPS = {
  /** Forwards of the real, the fake and the mixed picture: 3 x 4 blocks x 2. */
  forwards: 24,
  /** First backward of the gradient penalty, kept for the second one: cotangents of activation and convolution, 4 blocks x 2. */
  firstBackward: 8,
  /** Double backward: the cotangent that it carries up and the one it adds to the forward's, 4 blocks x 2. */
  doubleBackward: 8,
  /** Workspace of the one layer at work: padded input of dX, and nine shifted slices of dW. */
  workspace: 10,
} as const;

/**
 * What the tape and the heap of an engine take on top: temporaries of composed kernels, and a heap that grows in steps and never shrinks.
 * Measured on the wasm engine: the process grew by 109, 112 and 118 maps at 80x60x32, 140x106x64 and 200x150x64.
 */
const OVERHEAD = 2.4;

const FEATURE_MAPS = OVERHEAD * Object.values(ALIVE_FEATURE_MAPS).reduce((sum, count) => sum + count, 0);

const FLOAT_BYTES = 4;

/** Node with TF.js and the wasm engine before its first step, measured; weights, optimiser states and pictures are small beside it. */
const BASE_BYTES = 128 * 2 ** 20;

/** Bytes of the process that trains, at the peak of its largest scale. Generators run on padded pictures, so the padded size counts. */
export function peakTrainingBytes(plan: PyramidPlan): number {
  return Math.ceil(BASE_BYTES + FEATURE_MAPS * Math.max(...plan.levels.map(featureMapBytes)));
}

function featureMapBytes(level: PlanLevel): number {
  const width = level.width + 2 * GENERATOR_PADDING;
  const height = level.height + 2 * GENERATOR_PADDING;
  return width * height * level.channels * FLOAT_BYTES;
}
