import type { PlanLevel, TrainingConfig } from '@singan/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { learningRateAt } from '../learning-rate.ts';
import { type LevelTrainer, type ResumePoint, readLosses } from '../level-trainer.ts';
import { type NamedArrays, requireArray } from '../named-arrays.ts';
import { type NoiseKey, normalNoise, uniformValues } from '../noise.ts';
import { noiseAmplitudeOf } from '../noise-amplitude.ts';
import { RECONSTRUCTION_NOISE } from '../scale-state.ts';
import type { IterationLosses } from '../training-event.ts';
import { concurrentSettings } from './concurrent-settings.ts';
import { type GrowingGenerator, type GrowingInput, generateGrowing } from './growing-generator.ts';
import { reconstructionNoises } from './reconstruction-noises.ts';
import {
  createStageNets,
  disposeStageNets,
  readStageMoments,
  readStageNets,
  type StageNets,
  stageDiscriminatorStep,
  stageGeneratorSteps,
} from './stage-nets.ts';
import { stageNoiseShape } from './stage-noise.ts';

export interface StageTrainerOptions {
  readonly config: TrainingConfig;
  /** Of the stages so far; the last one is in training. */
  readonly levels: readonly PlanLevel[];
  /** x_k, [1, height, width, 3]; stays the caller's, alive as long as the trainer. */
  readonly real: tf.Tensor4D;
  /** Both nets with the new stage, and the picture in the size of stage 0. */
  readonly arrays: NamedArrays;
  /** sigma of the stages before. */
  readonly coarserAmplitudes: readonly number[];
  /** Where to go on; null to begin. */
  readonly resume: ResumePoint | null;
}

/** Trains the newest stages of a growing generator, iteration by iteration. Owns their tensors until `dispose()`. */
export class StageTrainer implements LevelTrainer {
  /** sigma_k */
  readonly noiseAmplitude: number;
  /** sigma of each stage so far. */
  readonly noiseAmplitudes: readonly number[];
  readonly #o: StageTrainerOptions;
  readonly #stage: number;
  readonly #level: PlanLevel;
  readonly #nets: StageNets;
  readonly #reconstructionInput: GrowingInput;
  #iteration: number;

  constructor(o: StageTrainerOptions) {
    const { config, levels, arrays, resume } = o;
    this.#o = o;
    this.#stage = levels.length - 1;
    this.#level = levels[this.#stage] as PlanLevel;
    this.#iteration = resume?.iteration ?? 0;
    const moments = resume?.moments ?? null;
    this.#nets = createStageNets({ stages: levels.length, ...concurrentSettings(config), arrays, moments });
    const noises = reconstructionNoises(requireArray(arrays, RECONSTRUCTION_NOISE), {
      seed: config.seed,
      sizes: levels,
      channels: this.#level.channels,
    });
    this.noiseAmplitude = resume?.noiseAmplitude ?? firstNoiseAmplitude(o, { ...this.#nets, noises });
    this.noiseAmplitudes = [...o.coarserAmplitudes, this.noiseAmplitude];
    this.#reconstructionInput = { noises, noiseAmplitudes: this.noiseAmplitudes, sizes: levels };
  }

  /** Iterations done. */
  get iteration(): number {
    return this.#iteration;
  }

  /** Discriminator steps, then generator steps. */
  async runIteration(): Promise<IterationLosses> {
    const losses = await readLosses(() => this.#runSteps());
    this.#iteration += 1;
    return losses;
  }

  /** Weights of both nets, and the picture in the size of stage 0. */
  readArrays(): NamedArrays {
    const picture = requireArray(this.#o.arrays, RECONSTRUCTION_NOISE);
    return new Map([...readStageNets(this.#nets), [RECONSTRUCTION_NOISE, picture]]);
  }

  /** Adam's state of what is trained. */
  readMoments(): NamedArrays {
    return readStageMoments(this.#nets);
  }

  dispose(): void {
    disposeStageNets(this.#nets);
    tf.dispose([...this.#reconstructionInput.noises]);
  }

  #runSteps(): Record<keyof IterationLosses, tf.Scalar> {
    const { config, real } = this.#o;
    const { discriminatorSteps, generatorSteps, reconstructionWeight } = config;
    const learningRate = learningRateAt(this.#iteration, { ...config, iterations: this.#level.iterations });
    // One draw serves the whole iteration, and G stands still until its own steps: so does the fake image.
    const input = this.#drawInput();
    const fake = generateGrowing(this.#nets.generator, input);
    const terms = Array.from({ length: discriminatorSteps }, (_, index) => {
      const step = this.#iteration * discriminatorSteps + index + 1;
      const [mix = 0] = uniformValues(1, { ...this.#key('penalty'), step: index });
      return stageDiscriminatorStep(this.#nets, { ...config, real, fake, mix, step, learningRate });
    }).at(-1) as ReturnType<typeof stageDiscriminatorStep>;
    const reconstructionInput = this.#reconstructionInput;
    const schedule = { step: this.#iteration * generatorSteps + 1, steps: generatorSteps, learningRate };
    const generator = { real, input, reconstructionInput, reconstructionWeight, ...schedule };
    return { ...terms, ...stageGeneratorSteps(this.#nets, generator) };
  }

  #drawInput(): GrowingInput {
    const { levels } = this.#o;
    const noises = levels.map((size, level) => {
      const shape = stageNoiseShape(level, { size, channels: size.channels });
      return normalNoise(shape, { ...this.#key('training'), level });
    });
    return { noises, noiseAmplitudes: this.noiseAmplitudes, sizes: levels };
  }

  #key(purpose: NoiseKey['purpose']): NoiseKey {
    return { seed: this.#o.config.seed, purpose, scale: this.#stage, iteration: this.#iteration };
  }
}

/** sigma_0 = 1: there is nothing before the coarsest stage. Later: how much the reconstruction lacks when the stage has no noise. */
function firstNoiseAmplitude(
  { config, levels, real, coarserAmplitudes }: StageTrainerOptions,
  { generator, noises }: { generator: GrowingGenerator; noises: readonly tf.Tensor4D[] },
): number {
  if (levels.length === 1) return 1;
  const input = { noises, noiseAmplitudes: [...coarserAmplitudes, 0], sizes: levels };
  const reconstruction = generateGrowing(generator, input);
  const amplitude = noiseAmplitudeOf(real, reconstruction, config.noiseAmplitudeFactor);
  reconstruction.dispose();
  return amplitude;
}
