import type { SifidLayer } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { convActivation } from '@singan/ops';
import { hasSifid } from '@singan/plan';
import * as tf from '@tensorflow/tfjs-core';
import { INCEPTION_LAYERS, type InceptionWeights } from './inception-layers.ts';
import { CHANNELS, levelOf, PEAK } from './pixel-levels.ts';
import { everySecond, maxPool } from './pool.ts';

/** Features of a picture: a vector of `channels` values for each location, one location after the other. */
export interface FeatureMap {
  readonly locations: number;
  readonly channels: number;
  readonly values: Float32Array;
}

interface Convolution {
  /** [3, 3, inputs, outputs]; the value of a 1 x 1 kernel is in the middle. */
  readonly weight: tf.Tensor4D;
  /** [outputs] */
  readonly bias: tf.Tensor1D;
}

type Stem = readonly [Convolution, Convolution, Convolution, Convolution, Convolution];

/** The start of Inception-v3 on the engine of the process. Owns the tensors of its weights until `dispose()`. */
export class InceptionNet {
  readonly #stem: Stem;
  readonly #inputRange: InceptionWeights['inputRange'];

  constructor({ convolutions, inputRange }: InceptionWeights) {
    this.#inputRange = inputRange;
    this.#stem = INCEPTION_LAYERS.map(({ side, inputs, outputs }, at) => {
      const { weight, bias } = convolutions[at] as InceptionWeights['convolutions'][number];
      return tf.tidy(() => ({
        weight: tf.keep(threeByThree(tf.tensor4d(weight, [side, side, inputs, outputs]))),
        bias: tf.keep(tf.tensor1d(bias)),
      }));
    }) as unknown as Stem;
  }

  /**
   * Features of a picture as it is, not resized: at conv2d_2b, before the first pooling, and at conv2d_4a, before the second.
   * @returns null at a layer for which the picture is too small: see `hasSifid` of @singan/plan
   */
  features(image: RgbImage): Record<SifidLayer, FeatureMap | null> {
    if (!hasSifid(image, 'conv2d_2b')) return { conv2d_2b: null, conv2d_4a: null };
    const [shallow, deep] = this.#run(image);
    return { conv2d_2b: takeFeatures(shallow), conv2d_4a: deep ? takeFeatures(deep) : null };
  }

  dispose(): void {
    for (const { weight, bias } of this.#stem) tf.dispose([weight, bias]);
  }

  /** conv2d_2b and, of a picture that is large enough, conv2d_4a. */
  #run(image: RgbImage): [tf.Tensor4D, tf.Tensor4D?] {
    const [first, second, third, fourth, fifth] = this.#stem;
    return tf.tidy(() => {
      const half = everySecond(convolve(this.#input(image), first));
      const shallow = convolve(padByOne(convolve(half, second)), third);
      if (!hasSifid(image, 'conv2d_4a')) return [shallow];
      return [shallow, convolve(convolve(padByOne(maxPool(shallow)), fourth), fifth)];
    });
  }

  /** [1, height, width, 3], in the range that the weights want. */
  #input({ width, height, data }: RgbImage): tf.Tensor4D {
    const [black, white] = this.#inputRange;
    const values = data.map((value) => black + ((white - black) * levelOf(value)) / PEAK);
    return tf.tensor4d(values, [1, height, width, CHANNELS]);
  }
}

/** So that one fast kernel serves all layers: a convolution of 3 x 3 px without padding. */
function threeByThree(kernel: tf.Tensor4D): tf.Tensor4D {
  const border = (3 - kernel.shape[0]) / 2;
  return tf.pad(kernel, [
    [border, border],
    [border, border],
    [0, 0],
    [0, 0],
  ]);
}

/** relu(conv(x) + bias), 2 px smaller. */
function convolve(x: tf.Tensor4D, { weight, bias }: Convolution): tf.Tensor4D {
  return convActivation({ x, weight, bias, slope: 0 });
}

function padByOne(x: tf.Tensor4D): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
}

/** Reads a feature map that is needed no more: disposes it. */
function takeFeatures(map: tf.Tensor4D): FeatureMap {
  const [, height, width, channels] = map.shape;
  const values = map.dataSync<'float32'>();
  map.dispose();
  return { locations: height * width, channels, values };
}
