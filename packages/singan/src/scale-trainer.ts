import type { PlanLevel, TrainingConfig } from '@singan/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { tensorOf } from './array-tensor.ts';
import { composeInput, composeNoiselessInput, type GeneratorInput } from './generator.ts';
import type { GeneratorPyramid } from './generator-pyramid.ts';
import { learningRateAt } from './learning-rate.ts';
import { type LevelTrainer, type ResumePoint, readLosses } from './level-trainer.ts';
import { createTrainingNets } from './losses/create-training-nets.ts';
import type { TrainingNets } from './losses/training-nets.ts';
import { type NamedArrays, requireArray } from './named-arrays.ts';
import { paletteTensor } from './nearest-colours.ts';
import { type NoiseKey, normalNoise, uniformValues } from './noise.ts';
import { noiseAmplitudeOf } from './noise-amplitude.ts';
import { type NoiseShape, noiseShape } from './noise-shape.ts';
import { previousImage } from './previous-image.ts';
import { PALETTE, RECONSTRUCTION_NOISE } from './scale-state.ts';
import type { IterationLosses } from './training-event.ts';

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
  readonly resume: ResumePoint | null;
}

/** Trains the nets of one scale, iteration by iteration. Owns their tensors until `dispose()`. */
export class ScaleTrainer implements LevelTrainer {
  /** sigma_n */
  readonly noiseAmplitude: number;
  readonly #o: ScaleTrainerOptions;
  readonly #nets: TrainingNets;
  /** [colours, 3] */
  readonly #palette: tf.Tensor2D | null;
  /** Made once: the same in every iteration, but where z* is redrawn. */
  readonly #reconstructionInput: GeneratorInput;
  #iteration: number;

  constructor(o: ScaleTrainerOptions) {
    this.#o = o;
    this.#iteration = o.resume?.iteration ?? 0;
    this.#palette = paletteTensor(o.arrays);
    const upsampled = this.#toPrevious(() => o.coarser.reconstruct());
    this.noiseAmplitude = o.resume?.noiseAmplitude ?? firstNoiseAmplitude(o, upsampled);
    this.#reconstructionInput = reconstructionInputOf(o, upsampled);
    this.#nets = createTrainingNets({ ...o, moments: o.resume?.moments ?? null });
  }

  /** Iterations done. */
  get iteration(): number {
    return this.#iteration;
  }

  /** The steps of the loss. */
  async runIteration(): Promise<IterationLosses> {
    const losses = await readLosses(() => this.#runSteps());
    this.#iteration += 1;
    return losses;
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

  #runSteps(): Record<keyof IterationLosses, tf.Scalar> {
    const { config, scale, level } = this.#o;
    const { padding } = config;
    const noise = normalNoise(noiseShape({ scale, size: level, padding }), this.#key('training'));
    return this.#nets.runIteration({
      iteration: this.#iteration,
      learningRate: learningRateAt(this.#iteration, { ...config, iterations: level.iterations }),
      reconstructionInput: this.#currentReconstructionInput(),
      drawInput: (step) => {
        const previous = this.#drawPrevious(step);
        return composeInput({ noise, noiseAmplitude: this.noiseAmplitude, previous, padding });
      },
      draw: (purpose, step) => uniformValues(1, { ...this.#key(purpose), step })[0] ?? 0,
    });
  }

  /** With the z* of this iteration, at the scale that has one. Inside a tf.tidy. */
  #currentReconstructionInput(): GeneratorInput {
    const { config, scale, level } = this.#o;
    if (scale > 0 || config.reconstructionNoise === 'fixed') return this.#reconstructionInput;
    const { padding } = config;
    const { previous } = this.#reconstructionInput;
    const noise = normalNoise(noiseShape({ scale, size: level, padding }), this.#key('reconstruction'));
    return composeInput({ noise, noiseAmplitude: 1, previous, padding });
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
  const noise = tensorOf<tf.Rank.R4>(requireArray(arrays, RECONSTRUCTION_NOISE));
  const input = composeInput({ noise, noiseAmplitude: 1, previous, padding: config.padding });
  noise.dispose();
  return input;
}
