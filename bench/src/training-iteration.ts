import type { Normalization } from '@singan/contracts';
import { type EngineChoice, type EngineInfo, type EngineOptions, startEngine } from '@singan/engine';
import {
  composeInput,
  createNetPair,
  discriminatorStep,
  disposeNetPair,
  generatorStep,
  type NetPair,
  startArrays,
} from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';

const STEPS = 3;
const SEED = 1;

interface IterationOptions {
  readonly normalization: Normalization;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly engine: EngineChoice;
}

type Images = Record<'real' | 'noise' | 'previous', tf.Tensor4D>;

/** A whole iteration of the paper preset at one scale: 3 D steps with gradient penalty and 3 G steps, the image of the scales before given. */
export class TrainingIteration {
  readonly engine: EngineInfo;
  readonly #pair: NetPair;
  readonly #images: Images;
  /** Begun so far. */
  #iterations = 0;

  private constructor(engine: EngineInfo, pair: NetPair, images: Images) {
    this.engine = engine;
    this.#pair = pair;
    this.#images = images;
  }

  static async start(o: IterationOptions, options: EngineOptions): Promise<TrainingIteration> {
    const engine = await startEngine(o.engine, options);
    const level = { height: o.height, width: o.width, channels: o.channels, iterations: 1 };
    const { normalization } = o;
    const arrays = startArrays({ seed: SEED, scale: 1, level, before: null, normalization });
    const pair = createNetPair(arrays, null, { normalization, activation: 'leakyRelu' });
    return new TrainingIteration(engine, pair, drawImages(o));
  }

  /** Runs iterations, each to its end: its losses are read back. */
  async run(count = 1): Promise<void> {
    for (let left = count; left > 0; left--) {
      const losses = tf.tidy(() => tf.stack(this.#runSteps()));
      await losses.data();
      losses.dispose();
    }
  }

  dispose(): void {
    disposeNetPair(this.#pair);
    tf.dispose(Object.values(this.#images));
  }

  #runSteps(): tf.Scalar[] {
    const before = this.#iterations++;
    const { real, noise, previous } = this.#images;
    const input = composeInput({ noise, noiseAmplitude: 0.1, previous });
    const steps = Array.from({ length: STEPS }, (_, index) => ({
      real,
      input,
      learningRate: 5e-4,
      step: before * STEPS + index + 1,
    }));
    const penalty = { mix: 0.5, gradientPenaltyWeight: 0.1 };
    const reconstruction = { reconstructionInput: input, reconstructionWeight: 10 };
    return [
      ...steps.flatMap((step) => Object.values(discriminatorStep(this.#pair, { ...step, ...penalty }))),
      ...steps.flatMap((step) => Object.values(generatorStep(this.#pair, { ...step, ...reconstruction }))),
    ];
  }
}

/** Speed does not depend on what the pictures show, as long as nothing in them is degenerate. */
function drawImages({ height, width }: IterationOptions): Images {
  const draw = (seed: number) =>
    tf.tidy(() => tf.randomUniform<tf.Rank.R4>([1, height, width, 3], -1, 1, 'float32', seed));
  return { real: draw(1), noise: draw(2), previous: draw(3) };
}
