import { AppError, type Size } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { tensorOf } from '../array-tensor.ts';
import { resizeClamped } from '../image-tensor.ts';
import { requireArray } from '../named-arrays.ts';
import { RECONSTRUCTION_NOISE } from '../scale-state.ts';
import type { ChainOptions, TrainedModel } from '../trained-model.ts';
import { featuresToImage, firstFeatures, nextFeatures } from './grow.ts';
import { createInferenceLayers, type InferenceLayers } from './inference-layers.ts';
import { reconstructionNoise } from './reconstruction-noises.ts';
import { stageNoiseShape } from './stage-noise.ts';
import type { StageState } from './stage-state.ts';

export interface ConcurrentModelOptions {
  /** The newest finished stage. */
  readonly state: StageState;
  /** Of the stages so far, coarsest first. */
  readonly sizes: readonly Size[];
  /** Of the training: the reconstruction draws its noise from it. */
  readonly seed: number;
}

/** A trained growing generator. What goes from stage to stage is features, [1, height, width, channels]. Owns its tensors until `dispose()`. */
export class ConcurrentModel implements TrainedModel {
  readonly #o: ConcurrentModelOptions;
  readonly #layers: InferenceLayers;
  /** The picture in the size of stage 0, [1, height, width, 3]. */
  readonly #picture: tf.Tensor4D;

  constructor(o: ConcurrentModelOptions) {
    this.#o = o;
    this.#layers = createInferenceLayers(o.state.arrays, o.state.stage + 1);
    this.#picture = tensorOf(requireArray(o.state.arrays, RECONSTRUCTION_NOISE));
  }

  get scaleCount(): number {
    return this.#o.state.stage + 1;
  }

  sizeOf(stage: number): Size {
    return this.#o.sizes[stage] ?? fail(`expected a stage below ${this.scaleCount}, got ${stage}`);
  }

  sample({ noiseOf, sizes = this.#o.sizes, startScale = 0, start }: ChainOptions): tf.Tensor4D {
    return tf.tidy(() => {
      const shapeOf = (stage: number) =>
        stageNoiseShape(stage, { size: sizes[stage] as Size, channels: this.#channels });
      let features = start
        ? tf.clone(start)
        : startScale > 0
          ? this.reconstructionStart(startScale)
          : firstFeatures(this.#layers, noiseOf(0, shapeOf(0)));
      for (let stage = Math.max(1, startScale); stage < this.scaleCount; stage++) {
        const noise = noiseOf(stage, shapeOf(stage));
        features = this.#grow(stage, { features, noise, size: sizes[stage] as Size });
      }
      return featuresToImage(this.#layers, features);
    });
  }

  /** F of the stage before, of the reconstruction at the training sizes. */
  reconstructionStart(startScale: number): tf.Tensor4D {
    return this.#carry(this.#picture, this.#o.sizes.slice(0, startScale));
  }

  /**
   * F of the stage before, of a picture in the size of that stage: it stands for the noise of stage 0, and all stages before the start
   * run at that one size. The larger that is, the more of the picture they see.
   */
  injectionStart(picture: tf.Tensor4D, startScale: number): tf.Tensor4D {
    const size = this.sizeOf(startScale - 1);
    return tf.tidy(() => {
      const whole = resizeClamped(picture, this.sizeOf(this.scaleCount - 1));
      return this.#carry(resizeClamped(whole, size), Array<Size>(startScale).fill(size));
    });
  }

  reconstruct(): tf.Tensor4D {
    return tf.tidy(() => featuresToImage(this.#layers, this.reconstructionStart(this.scaleCount)));
  }

  reconstructionNoise(stage: number): tf.Tensor4D {
    if (stage === 0) return tf.clone(this.#picture);
    return reconstructionNoise(stage, { seed: this.#o.seed, size: this.sizeOf(stage), channels: this.#channels });
  }

  dispose(): void {
    this.#layers.dispose();
    this.#picture.dispose();
  }

  get #channels(): number {
    return this.#o.state.channels;
  }

  /** Features of a picture in place of the noise of stage 0, through as many stages as there are sizes, with the noise of the reconstruction. */
  #carry(picture: tf.Tensor4D, sizes: readonly Size[]): tf.Tensor4D {
    const { seed } = this.#o;
    return tf.tidy(() => {
      let features = firstFeatures(this.#layers, picture);
      for (const [stage, size] of sizes.entries()) {
        if (stage === 0) continue;
        const noise = reconstructionNoise(stage, { seed, size, channels: this.#channels });
        features = this.#grow(stage, { features, noise, size });
      }
      return features;
    });
  }

  /** Takes features and noise over. */
  #grow(stage: number, o: { features: tf.Tensor4D; noise: tf.Tensor4D; size: Size }): tf.Tensor4D {
    const noiseAmplitude = this.#o.state.noiseAmplitudes[stage] ?? fail(`expected a sigma of stage ${stage}, got none`);
    const grown = nextFeatures(this.#layers, { ...o, stage, noiseAmplitude });
    tf.dispose([o.features, o.noise]);
    return grown;
  }
}

function fail(detail: string): never {
  throw new AppError('internal', detail);
}
