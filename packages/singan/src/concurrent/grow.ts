import type { Size } from '@singan/domain';
import { resize } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { STAGE_MARGIN } from './layout.ts';

/** The convolutions of a growing generator, in training or in use; each call owns nothing that it is given. */
export interface GeneratorLayers {
  /** [1, h, w, 3] to [1, h - 2, w - 2, channels] */
  head(x: tf.Tensor4D): tf.Tensor4D;
  /** The three convolutions of a stage: [1, h, w, channels] to [1, h - 6, w - 6, channels] */
  stage(stage: number, x: tf.Tensor4D): tf.Tensor4D;
  /** [1, h, w, channels] to [1, h - 2, w - 2, 3], before tanh */
  tail(x: tf.Tensor4D): tf.Tensor4D;
}

/** Zeros around the input of stage 0, beside the two pixels by which its features are enlarged. */
const FIRST_PADDING = STAGE_MARGIN - 1;

/**
 * Features of stage 0: F_0 = stage_0(pad_2(resize(head(pad_1(z_0)), size + 2))).
 * @param noise z_0, or the picture that stands for it: [1, height, width, 3]
 * @returns [1, height, width, channels]; the caller disposes
 */
export function firstFeatures(layers: GeneratorLayers, noise: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = noise.shape;
  return tf.tidy(() => {
    const wider = resize(layers.head(padZeros(noise, 1)), { height: height + 2, width: width + 2 });
    return layers.stage(0, padZeros(wider, FIRST_PADDING));
  });
}

export interface NextFeaturesOptions {
  /** From 1. */
  readonly stage: number;
  /** F of the stage before, of any size: [1, h, w, channels]. Stays the caller's. */
  readonly features: tf.Tensor4D;
  /** z_k, [1, height + 6, width + 6, channels]. Stays the caller's. */
  readonly noise: tf.Tensor4D;
  /** sigma_k */
  readonly noiseAmplitude: number;
  /** Of the result. */
  readonly size: Size;
}

/**
 * Features of a later stage: F_k = stage_k(resize(F_{k-1}, size + 6) + sigma_k z_k) + resize(F_{k-1}, size).
 * Features are resized without clamping.
 * @returns [1, height, width, channels]; the caller disposes
 */
export function nextFeatures(layers: GeneratorLayers, o: NextFeaturesOptions): tf.Tensor4D {
  const { stage, features, noise, noiseAmplitude, size } = o;
  return tf.tidy(() => {
    const changed = tf.tidy(() => {
      const wider = resize(features, { height: size.height + 2 * STAGE_MARGIN, width: size.width + 2 * STAGE_MARGIN });
      const scaled = tf.mul(noise, noiseAmplitude);
      const noisy = tf.add<tf.Tensor4D>(wider, scaled);
      // At once: large samples are bound by the features that are alive.
      tf.dispose([wider, scaled]);
      return layers.stage(stage, noisy);
    });
    return tf.add(changed, resize(features, size));
  });
}

/**
 * Image of features: x~ = tanh(tail(pad_1(F))).
 * @returns [1, height, width, 3] in [-1, 1]; the caller disposes
 */
export function featuresToImage(layers: GeneratorLayers, features: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => tf.tanh(layers.tail(padZeros(features, 1))));
}

function padZeros(x: tf.Tensor4D, margin: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [margin, margin],
    [margin, margin],
    [0, 0],
  ]);
}
