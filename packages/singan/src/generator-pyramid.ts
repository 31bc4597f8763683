import { AppError, type Size } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { forwardTiled } from './forward-tiled.ts';
import { addPrevious, composeInput, composeNoiselessInput, type GeneratorInput } from './generator.ts';
import { resizeClamped } from './image-tensor.ts';
import { createInferenceNet, disposeInferenceNet, type InferenceNet } from './inference-net.ts';
import { requireArray } from './named-arrays.ts';
import { IMAGE_CHANNELS } from './net-layout.ts';
import { RECONSTRUCTION_NOISE, type ScaleState } from './scale-state.ts';

/** Output pixels that run through a net at once: 128 channels of them take 134 MB a layer. */
export const DEFAULT_TILE_LIMIT_PIXELS = 512 * 512;

interface GeneratorScale {
  readonly net: InferenceNet;
  readonly noiseAmplitude: number;
  /** It was trained at. */
  readonly size: Size;
}

export interface ChainOptions {
  /** Sizes of all scales; the training sizes when absent. */
  readonly sizes?: readonly Size[];
  /** Scales below it take the noise of the reconstruction. */
  readonly startScale?: number;
  /** Noise of a scale, of shape [1, height, width, 1 at scale 0, else 3]. */
  readonly noiseOf: (scale: number, shape: [number, number, number, number]) => tf.Tensor4D;
  readonly tileLimitPixels?: number;
}

/** The trained generators of a model, from the coarsest, with running statistics. Owns their tensors until `dispose()`. */
export class GeneratorPyramid {
  readonly #scales: GeneratorScale[] = [];
  #reconstructionNoise: tf.Tensor4D | null = null;

  get scaleCount(): number {
    return this.#scales.length;
  }

  /** Adds the next finer scale. */
  add(state: ScaleState): void {
    if (state.scale !== this.scaleCount) {
      throw new AppError('checkpoint.invalid', `expected scale ${this.scaleCount} next, got scale ${state.scale}`);
    }
    const { width, height, noiseAmplitude, arrays } = state;
    if (state.scale === 0) {
      this.#reconstructionNoise = tf.tensor4d(requireArray(arrays, RECONSTRUCTION_NOISE).data, [1, height, width, 1]);
    }
    this.#scales.push({ net: createInferenceNet('generator', arrays), noiseAmplitude, size: { width, height } });
  }

  /**
   * A random image: at each scale x~_n = G_n(sigma_n z_n + prev) + prev, with prev the image of the scale before, resized.
   * @returns image of the finest scale, [1, height, width, 3], not clamped; the caller disposes
   */
  sample(o: ChainOptions): tf.Tensor4D {
    const startScale = o.startScale ?? 0;
    return tf.tidy(() => {
      let image = startScale > 0 ? this.reconstruct(startScale) : null;
      for (let scale = startScale; scale < this.scaleCount; scale++) {
        const coarser = image;
        image = tf.tidy(() => this.#sampleScale(scale, coarser, o));
        coarser?.dispose();
      }
      return image ?? fail(`expected to go through at least one scale, got ${this.scaleCount} from ${startScale}`);
    });
  }

  /**
   * The reconstruction x~^rec: z* at scale 0, no noise above, at the training sizes.
   * @returns image of scale count - 1, [1, height, width, 3], not clamped; the caller disposes
   */
  reconstruct(count = this.scaleCount): tf.Tensor4D {
    return tf.tidy(() => {
      let image: tf.Tensor4D | null = null;
      for (const scale of this.#scales.slice(0, count).keys()) {
        const coarser: tf.Tensor4D | null = image;
        image = tf.tidy(() => this.#reconstructScale(scale, coarser));
        coarser?.dispose();
      }
      return image ?? fail(`expected to go through at least one scale, got ${count}`);
    });
  }

  dispose(): void {
    for (const { net } of this.#scales) disposeInferenceNet(net);
    this.#scales.length = 0;
    this.#reconstructionNoise?.dispose();
    this.#reconstructionNoise = null;
  }

  #sampleScale(scale: number, coarser: tf.Tensor4D | null, o: ChainOptions): tf.Tensor4D {
    const { noiseAmplitude, size: trained } = this.#scale(scale);
    const size = o.sizes?.[scale] ?? trained;
    const previous = previousImage(coarser, size);
    const noise = o.noiseOf(scale, [1, size.height, size.width, noiseChannels(scale)]);
    const input = composeInput({ noise, noiseAmplitude, previous });
    return this.#generate(scale, input, o.tileLimitPixels ?? DEFAULT_TILE_LIMIT_PIXELS);
  }

  #reconstructScale(scale: number, coarser: tf.Tensor4D | null): tf.Tensor4D {
    const { noiseAmplitude, size } = this.#scale(scale);
    const previous = previousImage(coarser, size);
    const noise = scale === 0 ? this.#reconstructionNoise : null;
    const input = noise ? composeInput({ noise, noiseAmplitude, previous }) : composeNoiselessInput(previous);
    return this.#generate(scale, input, DEFAULT_TILE_LIMIT_PIXELS);
  }

  #generate(scale: number, input: GeneratorInput, tileLimitPixels: number): tf.Tensor4D {
    return addPrevious(forwardTiled(this.#scale(scale).net, input.padded, tileLimitPixels), input.previous);
  }

  #scale(scale: number): GeneratorScale {
    return this.#scales[scale] ?? fail(`expected a scale below ${this.scaleCount}, got ${scale}`);
  }
}

/** Noise of the coarsest scale is gray, one channel for all three: it decides the layout, not the colours. */
export function noiseChannels(scale: number): number {
  return scale === 0 ? 1 : IMAGE_CHANNELS;
}

/** prev: the image of the scale before in the size of this one; zeros at scale 0. The caller disposes. */
export function previousImage(coarser: tf.Tensor4D | null, size: Size): tf.Tensor4D {
  return coarser ? resizeClamped(coarser, size) : tf.zeros([1, size.height, size.width, IMAGE_CHANNELS]);
}

function fail(detail: string): never {
  throw new AppError('internal', detail);
}
