import { philoxNormal, philoxUniform, standardNormal } from '@singan/ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** What a random draw is for. The numbers are part of the meaning of a seed: never reuse or renumber them. */
const PURPOSE_CODES = {
  /** Initial weights. */
  weights: 1,
  /** z*, the noise of the reconstruction: of iteration 0, or of each where it is redrawn. */
  reconstruction: 2,
  /** z_n of an iteration. */
  training: 3,
  /** Noise of the coarser scales behind the previous image of a discriminator step. */
  previous: 4,
  /** u, where the gradient penalty looks between the real and the generated image. */
  penalty: 5,
  /** A sample asked for by a caller. */
  sample: 6,
  /** The sample shown when a scale is finished. */
  preview: 7,
  /** A picture put in at a scale in place of a sample. */
  injection: 8,
  /** The steps of a super-resolution. */
  superResolution: 9,
  /** The walk of an animation. */
  animation: 10,
  /** First colours of a palette. */
  palette: 11,
  /** Directions that patches are projected to. */
  projection: 12,
  /** Which patches a step looks at. */
  patches: 13,
} as const;
type NoisePurpose = keyof typeof PURPOSE_CODES;

/** Names one draw: the same key gives the same values, in any order of drawing, on any engine (as far as float32 goes). */
export interface NoiseKey {
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  readonly purpose: NoisePurpose;
  /** Scale that is trained or sampled. */
  readonly scale: number;
  /** Where one scale needs noise for several things (coarser scales, two nets), which of them. */
  readonly level?: number;
  /** Iteration, or number of the sample. */
  readonly iteration?: number;
  /** Step within the iteration, or array of the net. */
  readonly step?: number;
}

/** Standard normal noise of shape [1, height, width, channels] on the backend. The caller disposes. */
export function normalNoise(shape: [number, number, number, number], key: NoiseKey): Tensor4D {
  return standardNormal({ shape, ...philoxKey(key) }) as Tensor4D;
}

/** Standard normal values in host memory. */
export function normalValues(length: number, key: NoiseKey): Float32Array {
  return philoxNormal(length, philoxKey(key));
}

/** Values uniform in [0, 1) in host memory. */
export function uniformValues(length: number, key: NoiseKey): Float64Array {
  return philoxUniform(length, philoxKey(key));
}

/** A byte each for scale and level is plenty: a pyramid has at most 20 scales. */
function philoxKey(key: NoiseKey): { seed: number; stream: number; counter: [number, number] } {
  const stream = (PURPOSE_CODES[key.purpose] << 16) | (key.scale << 8) | (key.level ?? 0);
  return { seed: key.seed, stream, counter: [key.iteration ?? 0, key.step ?? 0] };
}
