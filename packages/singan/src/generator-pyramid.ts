import type { Padding } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import { ONE_PIECE_PIXELS } from '@singan/plan';
import * as tf from '@tensorflow/tfjs-core';
import { tensorOf } from './array-tensor.ts';
import { forwardTiled } from './forward-tiled.ts';
import { addPrevious, composeInput, composeNoiselessInput, type GeneratorInput } from './generator.ts';
import { resizeClamped } from './image-tensor.ts';
import { createInferenceNet, disposeInferenceNet, type InferenceNet } from './inference-net.ts';
import { requireArray } from './named-arrays.ts';
import { paletteTensor } from './nearest-colours.ts';
import { type NoiseShape, noiseShape } from './noise-shape.ts';
import { previousImage } from './previous-image.ts';
import { RECONSTRUCTION_NOISE, type ScaleState } from './scale-state.ts';
import type { ChainOptions, TrainedModel } from './trained-model.ts';

interface GeneratorScale {
  readonly net: InferenceNet;
  readonly noiseAmplitude: number;
  /** It was trained at. */
  readonly size: Size;
  readonly padding: Padding;
  /** [colours, 3] of a variant that takes its previous image quantised. */
  readonly palette: tf.Tensor2D | null;
}

export interface RefineOptions {
  /** Image of the scale before, of any size; null at scale 0. Stays the caller's. */
  readonly coarser: tf.Tensor4D | null;
  /** Of the result; the training size when absent. */
  readonly size?: Size | undefined;
  /** Noise of a scale in the shape that it needs, see `noiseShape`. */
  readonly noiseOf: (scale: number, shape: NoiseShape) => tf.Tensor4D;
  readonly tileLimitPixels?: number | undefined;
}

/** The trained generators of the sequential scheme, from the coarsest. What goes from scale to scale is the image. Owns their tensors until `dispose()`. */
export class GeneratorPyramid implements TrainedModel {
  readonly #scales: GeneratorScale[] = [];
  #reconstructionNoise: tf.Tensor4D | null = null;

  get scaleCount(): number {
    return this.#scales.length;
  }

  /** Size that a scale was trained at. */
  sizeOf(scale: number): Size {
    return this.#scale(scale).size;
  }

  /** Adds the next finer scale. */
  add(state: ScaleState): void {
    if (state.scale !== this.scaleCount) {
      throw new AppError('checkpoint.invalid', `expected scale ${this.scaleCount} next, got scale ${state.scale}`);
    }
    const { width, height, noiseAmplitude, padding, arrays } = state;
    if (state.scale === 0) {
      this.#reconstructionNoise = tensorOf(requireArray(arrays, RECONSTRUCTION_NOISE));
    }
    const net = createInferenceNet('generator', arrays, state);
    this.#scales.push({ net, noiseAmplitude, size: { width, height }, padding, palette: paletteTensor(arrays) });
  }

  /**
   * A random image: at each scale x~_n = G_n(sigma_n z_n + prev) + prev, with prev the image of the scale before, resized.
   * @returns image of the finest scale, [1, height, width, 3], not clamped; the caller disposes
   */
  sample(o: ChainOptions): tf.Tensor4D {
    const startScale = o.startScale ?? 0;
    return tf.tidy(() => {
      // A clone, for each step disposes what it went on from.
      let image = o.start ? tf.clone(o.start) : startScale > 0 ? this.reconstruct(startScale) : null;
      for (let scale = startScale; scale < this.scaleCount; scale++) {
        const coarser = image;
        image = this.refine(scale, { ...o, coarser, size: o.sizes?.[scale] });
        coarser?.dispose();
      }
      return image ?? fail(`expected to go through at least one scale, got ${this.scaleCount} from ${startScale}`);
    });
  }

  /**
   * One step of {@link sample}: the image of a scale, from that of the scale before.
   * @returns [1, height, width, 3], not clamped; the caller disposes
   */
  refine(scale: number, { coarser, size, noiseOf, tileLimitPixels }: RefineOptions): tf.Tensor4D {
    const { noiseAmplitude, size: trained, padding, palette } = this.#scale(scale);
    return tf.tidy(() => {
      const previous = previousImage(coarser, { size: size ?? trained, padding, palette });
      const noise = noiseOf(scale, noiseShape({ scale, size: size ?? trained, padding }));
      return this.#generate(scale, composeInput({ noise, noiseAmplitude, previous, padding }), tileLimitPixels);
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

  /** The reconstruction of the scale before. */
  reconstructionStart(startScale: number): tf.Tensor4D {
    return this.reconstruct(startScale);
  }

  /** The picture stands in for the image of the scale before, taken down to its size from the training size. */
  injectionStart(picture: tf.Tensor4D, startScale: number): tf.Tensor4D {
    return tf.tidy(() => {
      const whole = resizeClamped(picture, this.sizeOf(this.scaleCount - 1));
      return resizeClamped(whole, this.sizeOf(startScale - 1));
    });
  }

  /** z^rec of a scale, in the shape that its noise has: z* at scale 0, zeros above. The caller disposes. */
  reconstructionNoise(scale: number): tf.Tensor4D {
    const { size, padding } = this.#scale(scale);
    if (scale > 0) return tf.zeros(noiseShape({ scale, size, padding }));
    return tf.clone(this.#reconstructionNoise ?? fail('expected z* of scale 0, got none'));
  }

  dispose(): void {
    for (const { net, palette } of this.#scales) {
      disposeInferenceNet(net);
      palette?.dispose();
    }
    this.#scales.length = 0;
    this.#reconstructionNoise?.dispose();
    this.#reconstructionNoise = null;
  }

  #reconstructScale(scale: number, coarser: tf.Tensor4D | null): tf.Tensor4D {
    const { noiseAmplitude, size, padding, palette } = this.#scale(scale);
    const previous = previousImage(coarser, { size, padding, palette });
    if (scale > 0) return this.#generate(scale, composeNoiselessInput(previous, padding));
    const noise = this.reconstructionNoise(scale);
    return this.#generate(scale, composeInput({ noise, noiseAmplitude, previous, padding }));
  }

  #generate(scale: number, input: GeneratorInput, tileLimitPixels = ONE_PIECE_PIXELS): tf.Tensor4D {
    return addPrevious(forwardTiled(this.#scale(scale).net, input.padded, tileLimitPixels), input.previous);
  }

  #scale(scale: number): GeneratorScale {
    return this.#scales[scale] ?? fail(`expected a scale below ${this.scaleCount}, got ${scale}`);
  }
}

function fail(detail: string): never {
  throw new AppError('internal', detail);
}
