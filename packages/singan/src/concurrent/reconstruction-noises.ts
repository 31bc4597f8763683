import type { Size } from '@singan/domain';
import type * as tf from '@tensorflow/tfjs-core';
import { tensorOf } from '../array-tensor.ts';
import type { NamedArray } from '../named-arrays.ts';
import { normalNoise } from '../noise.ts';
import { stageNoiseShape } from './stage-noise.ts';

/**
 * z^rec of the stages: at stage 0 the picture itself, in the size of that stage; above fixed noise, which is drawn again whenever it is
 * needed, for it would be most of a file. The caller disposes.
 * @param o.sizes of the stages that are wanted, from stage 0
 */
export function reconstructionNoises(
  picture: NamedArray,
  o: { seed: number; sizes: readonly Size[]; channels: number },
): tf.Tensor4D[] {
  return o.sizes.map((size, stage) =>
    stage === 0 ? tensorOf<tf.Rank.R4>(picture) : reconstructionNoise(stage, { ...o, size }),
  );
}

/** z^rec of a stage above stage 0. The caller disposes. */
export function reconstructionNoise(stage: number, o: { seed: number; size: Size; channels: number }): tf.Tensor4D {
  return normalNoise(stageNoiseShape(stage, o), { seed: o.seed, purpose: 'reconstruction', scale: stage });
}
