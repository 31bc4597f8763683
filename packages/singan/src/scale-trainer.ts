import type { PlanLevel, TrainingConfig } from '@singan/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { composeInput, composeNoiselessInput, type GeneratorInput } from './generator.ts';
import { type GeneratorPyramid, noiseChannels, previousImage } from './generator-pyramid.ts';
import { learningRateAt } from './learning-rate.ts';
import { type NamedArrays, requireArray } from './named-arrays.ts';
import {
  createNetPair,
  discriminatorStep,
  disposeNetPair,
  generatorStep,
  type NetPair,
  readMoments,
  readNetPair,
} from './net-pair.ts';
import { type NoiseKey, normalNoise, uniformValues } from './noise.ts';
import { noiseAmplitudeOf } from './noise-amplitude.ts';
import { RECONSTRUCTION_NOISE } from './scale-state.ts';
import type { IterationLosses } from './training-event.ts';

export interface ScaleTrainerOptions {
  readonly config: TrainingConfig;
  readonly scale: number;
  readonly level: PlanLevel;
  /** x_n, [1, height, width, 3]; stays the caller's, alive as long as the trainer. */
  readonly real: tf.Tensor4D;
  /** The scales before this one, and no others. */
  readonly coarser: GeneratorPyramid;
  /** Both nets; at scale 0 also z*. */
  readonly arrays: NamedArrays;
  /** Where to go on; null to begin. */
  readonly resume: {
    readonly iteration: number;
    readonly noiseAmplitude: number;
    readonly moments: NamedArrays;
  } | null;
}

/** Trains the nets of one scale, iteration by iteration. Owns their tensors until `dispose()`. */
export class ScaleTrainer {
  /** sigma_n */
  readonly noiseAmplitude: number;
  readonly #o: ScaleTrainerOptions;
  readonly #pair: NetPair;
  /** The same in every iteration, so it is made once. */
  readonly #reconstructionInput: GeneratorInput;
  #iteration: number;

  constructor(o: ScaleTrainerOptions) {
    this.#o = o;
    this.#iteration = o.resume?.iteration ?? 0;
    const upsampled = tf.tidy(() => previousImage(o.scale === 0 ? null : o.coarser.reconstruct(), o.level));
    this.noiseAmplitude = o.resume?.noiseAmplitude ?? firstNoiseAmplitude(o, upsampled);
    this.#reconstructionInput = reconstructionInputOf(o, upsampled);
    this.#pair = createNetPair(o.arrays, o.resume?.moments ?? null);
  }

  /** Iterations done. */
  get iteration(): number {
    return this.#iteration;
  }

  /** Discriminator steps, then generator steps. One read from the backend: the losses. */
  async runIteration(): Promise<IterationLosses> {
    const packed = tf.tidy(() => this.#runSteps());
    const [discriminatorReal, discriminatorFake, gradientPenalty, generatorAdversarial, reconstruction] =
      (await packed.data()) as unknown as [number, number, number, number, number];
    packed.dispose();
    this.#iteration += 1;
    return { discriminatorReal, discriminatorFake, gradientPenalty, generatorAdversarial, reconstruction };
  }

  /** Weights and running statistics of both nets; at scale 0 also z*. */
  readArrays(): NamedArrays {
    const nets = readNetPair(this.#pair);
    if (this.#o.scale > 0) return nets;
    return new Map([...nets, [RECONSTRUCTION_NOISE, requireArray(this.#o.arrays, RECONSTRUCTION_NOISE)]]);
  }

  /** Adam's state of both nets. */
  readMoments(): NamedArrays {
    return readMoments(this.#pair);
  }

  dispose(): void {
    disposeNetPair(this.#pair);
    tf.dispose([this.#reconstructionInput.padded, this.#reconstructionInput.previous]);
  }

  #runSteps(): tf.Tensor1D {
    const { config, scale, level, real } = this.#o;
    const learningRate = learningRateAt(this.#iteration, { ...config, iterations: level.iterations });
    // One z_n serves the whole iteration; prev is drawn anew in each discriminator step, and its last one stays for G.
    const noise = normalNoise([1, level.height, level.width, noiseChannels(scale)], this.#key('training'));
    const discriminatorSteps = Array.from({ length: config.discriminatorSteps }, (_, index) => {
      const input = composeInput({ noise, noiseAmplitude: this.noiseAmplitude, previous: this.#drawPrevious(index) });
      const step = this.#iteration * config.discriminatorSteps + index + 1;
      const [mix = 0] = uniformValues(1, { ...this.#key('penalty'), step: index });
      return { input, terms: discriminatorStep(this.#pair, { ...config, real, input, mix, step, learningRate }) };
    });
    const { input, terms } = discriminatorSteps.at(-1) as (typeof discriminatorSteps)[number];
    const generatorSteps = Array.from({ length: config.generatorSteps }, (_, index) => {
      const step = this.#iteration * config.generatorSteps + index + 1;
      const { reconstructionWeight } = config;
      const reconstructionInput = this.#reconstructionInput;
      return generatorStep(this.#pair, { real, input, reconstructionInput, reconstructionWeight, step, learningRate });
    });
    const { generatorAdversarial, reconstruction } = generatorSteps.at(-1) as (typeof generatorSteps)[number];
    const { discriminatorReal, discriminatorFake, gradientPenalty } = terms;
    return tf.stack([
      discriminatorReal,
      discriminatorFake,
      gradientPenalty,
      generatorAdversarial,
      reconstruction,
    ]) as tf.Tensor1D;
  }

  /** A random image through all coarser scales, in the size of this one. */
  #drawPrevious(step: number): tf.Tensor4D {
    const { scale, level, coarser } = this.#o;
    return tf.tidy(() => {
      const noiseOf = (of: number, shape: [number, number, number, number]) =>
        normalNoise(shape, { ...this.#key('previous'), level: of, step });
      return previousImage(scale === 0 ? null : coarser.sample({ noiseOf }), level);
    });
  }

  #key(purpose: NoiseKey['purpose']): NoiseKey {
    return { seed: this.#o.config.seed, purpose, scale: this.#o.scale, iteration: this.#iteration };
  }
}

/** sigma_0 = 1: there is nothing before the coarsest scale that it could add to. */
function firstNoiseAmplitude({ scale, real, config }: ScaleTrainerOptions, upsampled: tf.Tensor4D): number {
  return scale === 0 ? 1 : noiseAmplitudeOf(real, upsampled, config.noiseAmplitudeFactor);
}

function reconstructionInputOf({ scale, arrays, level }: ScaleTrainerOptions, previous: tf.Tensor4D): GeneratorInput {
  if (scale > 0) return composeNoiselessInput(previous);
  const { data } = requireArray(arrays, RECONSTRUCTION_NOISE);
  const noise = tf.tensor4d(data, [1, level.height, level.width, 1]);
  const input = composeInput({ noise, noiseAmplitude: 1, previous });
  noise.dispose();
  return input;
}
