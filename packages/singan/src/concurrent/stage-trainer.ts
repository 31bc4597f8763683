import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import { AppError } from '@singan/domain';
import * as tf from '@tensorflow/tfjs-core';
import { learningRateAt } from '../learning-rate.ts';
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
  readonly plan: PyramidPlan;
  readonly stage: number;
  /** x_k, [1, height, width, 3]; stays the caller's, alive as long as the trainer. */
  readonly real: tf.Tensor4D;
  /** Both nets with the new stage, and the picture in the size of stage 0. */
  readonly arrays: NamedArrays;
  /** sigma of the stages before. */
  readonly noiseAmplitudes: readonly number[];
  /** Where to go on; null to begin. */
  readonly resume: {
    readonly iteration: number;
    readonly noiseAmplitude: number;
    readonly moments: NamedArrays;
  } | null;
}

/** Trains the newest stages of a growing generator, iteration by iteration. Owns their tensors until `dispose()`. */
export class StageTrainer {
  /** sigma of each stage so far. */
  readonly noiseAmplitudes: readonly number[];
  readonly #o: StageTrainerOptions;
  readonly #nets: StageNets;
  readonly #reconstructionInput: GrowingInput;
  #iteration: number;

  constructor(o: StageTrainerOptions) {
    this.#o = o;
    this.#iteration = o.resume?.iteration ?? 0;
    const { channels } = levelOf(o);
    const settings = concurrentSettings(o.config);
    const { arrays } = o;
    const moments = o.resume?.moments ?? null;
    this.#nets = createStageNets({ stages: o.stage + 1, ...settings, arrays, moments });
    const sizes = o.plan.levels;
    const noises = reconstructionNoises(requireArray(arrays, RECONSTRUCTION_NOISE), {
      seed: o.config.seed,
      sizes: sizes.slice(0, o.stage + 1),
      channels,
    });
    const newest = o.resume?.noiseAmplitude ?? firstNoiseAmplitude(o, { ...this.#nets, noises });
    this.noiseAmplitudes = [...o.noiseAmplitudes, newest];
    this.#reconstructionInput = { noises, noiseAmplitudes: this.noiseAmplitudes, sizes };
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

  #runSteps(): tf.Tensor1D {
    const { config, real } = this.#o;
    const { discriminatorSteps, generatorSteps, reconstructionWeight } = config;
    const learningRate = learningRateAt(this.#iteration, { ...config, iterations: levelOf(this.#o).iterations });
    // One draw serves the whole iteration, and G stands still until its own steps: so does the fake image.
    const input = this.#drawInput();
    const fake = generateGrowing(this.#nets.generator, input);
    const terms = Array.from({ length: discriminatorSteps }, (_, index) => {
      const step = this.#iteration * discriminatorSteps + index + 1;
      const [mix = 0] = uniformValues(1, { ...this.#key('penalty'), step: index });
      return stageDiscriminatorStep(this.#nets, { ...config, real, fake, mix, step, learningRate });
    }).at(-1) as ReturnType<typeof stageDiscriminatorStep>;
    const { generatorAdversarial, reconstruction } = stageGeneratorSteps(this.#nets, {
      real,
      input,
      reconstructionInput: this.#reconstructionInput,
      reconstructionWeight,
      step: this.#iteration * generatorSteps + 1,
      steps: generatorSteps,
      learningRate,
    });
    const { discriminatorReal, discriminatorFake, gradientPenalty } = terms;
    const losses = [discriminatorReal, discriminatorFake, gradientPenalty, generatorAdversarial, reconstruction];
    return tf.stack(losses) as tf.Tensor1D;
  }

  #drawInput(): GrowingInput {
    const { plan, stage } = this.#o;
    const sizes = plan.levels;
    const noises = sizes.slice(0, stage + 1).map((size, level) => {
      const shape = stageNoiseShape(level, { size, channels: size.channels });
      return normalNoise(shape, { ...this.#key('training'), level });
    });
    return { noises, noiseAmplitudes: this.noiseAmplitudes, sizes };
  }

  #key(purpose: NoiseKey['purpose']): NoiseKey {
    return { seed: this.#o.config.seed, purpose, scale: this.#o.stage, iteration: this.#iteration };
  }
}

/** sigma_0 = 1: there is nothing before the coarsest stage. Later: how much the reconstruction lacks when the stage has no noise. */
function firstNoiseAmplitude(
  { stage, config, plan, real, noiseAmplitudes }: StageTrainerOptions,
  { generator, noises }: { generator: GrowingGenerator; noises: readonly tf.Tensor4D[] },
): number {
  if (stage === 0) return 1;
  const input = { noises, noiseAmplitudes: [...noiseAmplitudes, 0], sizes: plan.levels };
  const reconstruction = generateGrowing(generator, input);
  const amplitude = noiseAmplitudeOf(real, reconstruction, config.noiseAmplitudeFactor);
  reconstruction.dispose();
  return amplitude;
}

function levelOf({ plan, stage }: Pick<StageTrainerOptions, 'plan' | 'stage'>) {
  return plan.levels[stage] ?? fail(`expected a stage below ${plan.levels.length}, got ${stage}`);
}

function fail(detail: string): never {
  throw new AppError('internal', detail);
}
