import type { PlanLevel, TrainingConfig } from '@singan/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { composeInput, composeNoiselessInput, type GeneratorInput } from './generator.ts';
import type { GeneratorPyramid } from './generator-pyramid.ts';
import { learningRateAt } from './learning-rate.ts';
import { createTrainingNets } from './losses/create-training-nets.ts';
import type { TrainingNets } from './losses/training-nets.ts';
import { type NamedArrays, requireArray } from './named-arrays.ts';
import { IMAGE_CHANNELS } from './net-layout.ts';
import { type NoiseKey, normalNoise, uniformValues } from './noise.ts';
import { noiseAmplitudeOf } from './noise-amplitude.ts';
import { type NoiseShape, noiseShape } from './noise-shape.ts';
import { previousImage } from './previous-image.ts';
import { PALETTE, RECONSTRUCTION_NOISE } from './scale-state.ts';
import type { IterationLosses } from './training-event.ts';

/** As they are read from the backend. */
const LOSS_NAMES = [
  'discriminatorReal',
  'discriminatorFake',
  'gradientPenalty',
  'generatorAdversarial',
  'reconstruction',
] as const;

export interface ScaleTrainerOptions {
  readonly config: TrainingConfig;
  readonly scale: number;
  readonly level: PlanLevel;
  /** x_n, [1, height, width, 3]; stays the caller's, alive as long as the trainer. */
  readonly real: tf.Tensor4D;
  /** The scales before this one, and no others. */
  readonly coarser: GeneratorPyramid;
  /** The nets; at scale 0 also z*; a palette when every previous image is to be quantised to it. */
  readonly arrays: NamedArrays;
  /** Where to go on; null to begin. */
  readonly resume: {
    readonly iteration: number;
    readonly noiseAmplitude: number;
    /** Adam's state; null to begin with none. */
    readonly moments: NamedArrays | null;
  } | null;
}

/** Trains the nets of one scale, iteration by iteration. Owns their tensors until `dispose()`. */
export class ScaleTrainer {
  /** sigma_n */
  readonly noiseAmplitude: number;
  readonly #o: ScaleTrainerOptions;
  readonly #nets: TrainingNets;
  /** [colours, 3] */
  readonly #palette: tf.Tensor2D | null;
  /** The same in every iteration, so it is made once. */
  readonly #reconstructionInput: GeneratorInput;
  #iteration: number;

  constructor(o: ScaleTrainerOptions) {
    this.#o = o;
    this.#iteration = o.resume?.iteration ?? 0;
    this.#palette = paletteOf(o.arrays);
    const upsampled = this.#toPrevious(() => o.coarser.reconstruct());
    this.noiseAmplitude = o.resume?.noiseAmplitude ?? firstNoiseAmplitude(o, upsampled);
    this.#reconstructionInput = reconstructionInputOf(o, upsampled);
    this.#nets = createTrainingNets({ ...o, moments: o.resume?.moments ?? null });
  }

  /** Iterations done. */
  get iteration(): number {
    return this.#iteration;
  }

  /** The steps of the loss. One read from the backend: the losses. */
  async runIteration(): Promise<IterationLosses> {
    const packed = tf.tidy(() => this.#runSteps());
    const values = await packed.data();
    packed.dispose();
    this.#iteration += 1;
    return Object.fromEntries(LOSS_NAMES.map((name, i) => [name, values[i]])) as unknown as IterationLosses;
  }

  /** Weights and running statistics; at scale 0 also z*; a palette when it was given one. */
  readArrays(): NamedArrays {
    const given = this.#o.arrays;
    const names = this.#o.scale === 0 ? [RECONSTRUCTION_NOISE] : [];
    if (given.has(PALETTE)) names.push(PALETTE);
    return new Map([...this.#nets.readArrays(), ...names.map((name) => [name, requireArray(given, name)] as const)]);
  }

  /** Adam's state. */
  readMoments(): NamedArrays {
    return this.#nets.readMoments();
  }

  dispose(): void {
    this.#nets.dispose();
    tf.dispose([this.#reconstructionInput.padded, this.#reconstructionInput.previous]);
    this.#palette?.dispose();
  }

  #runSteps(): tf.Tensor1D {
    const { config, scale, level } = this.#o;
    const { padding } = config;
    const noise = normalNoise(noiseShape({ scale, size: level, padding }), this.#key('training'));
    const losses = this.#nets.runIteration({
      iteration: this.#iteration,
      learningRate: learningRateAt(this.#iteration, { ...config, iterations: level.iterations }),
      reconstructionInput: this.#reconstructionInput,
      drawInput: (step) => {
        const previous = this.#drawPrevious(step);
        return composeInput({ noise, noiseAmplitude: this.noiseAmplitude, previous, padding });
      },
      draw: (purpose, step) => uniformValues(1, { ...this.#key(purpose), step })[0] ?? 0,
    });
    return tf.stack(LOSS_NAMES.map((name) => losses[name])) as tf.Tensor1D;
  }

  /** A random image through all coarser scales, in the size of this one. */
  #drawPrevious(step: number): tf.Tensor4D {
    const noiseOf = (of: number, shape: NoiseShape) =>
      normalNoise(shape, { ...this.#key('previous'), level: of, step });
    return this.#toPrevious(() => this.#o.coarser.sample({ noiseOf }));
  }

  /** prev of this scale, from what the coarser ones make. */
  #toPrevious(makeCoarser: () => tf.Tensor4D): tf.Tensor4D {
    const { scale, level, config } = this.#o;
    const options = { size: level, padding: config.padding, palette: this.#palette };
    return tf.tidy(() => previousImage(scale === 0 ? null : makeCoarser(), options));
  }

  #key(purpose: NoiseKey['purpose']): NoiseKey {
    return { seed: this.#o.config.seed, purpose, scale: this.#o.scale, iteration: this.#iteration };
  }
}

/** sigma_0 = 1: there is nothing before the coarsest scale that it could add to. */
function firstNoiseAmplitude({ scale, real, config }: ScaleTrainerOptions, upsampled: tf.Tensor4D): number {
  return scale === 0 ? 1 : noiseAmplitudeOf(real, upsampled, config.noiseAmplitudeFactor);
}

function reconstructionInputOf({ scale, arrays, config }: ScaleTrainerOptions, previous: tf.Tensor4D): GeneratorInput {
  if (scale > 0) return composeNoiselessInput(previous, config.padding);
  const { data, shape } = requireArray(arrays, RECONSTRUCTION_NOISE);
  const noise = tf.tensor4d(data, shape as NoiseShape);
  const input = composeInput({ noise, noiseAmplitude: 1, previous, padding: config.padding });
  noise.dispose();
  return input;
}

function paletteOf(arrays: NamedArrays): tf.Tensor2D | null {
  const array = arrays.get(PALETTE);
  return array ? tf.tensor2d(array.data, [array.data.length / IMAGE_CHANNELS, IMAGE_CHANNELS]) : null;
}
