import { type EngineInfo, startEngine } from '@singan/engine';
import { iterationFlops } from '@singan/plan';
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
import type { BenchArguments } from './arguments.ts';
import { measure, type Spread, spreadOf } from './spread.ts';

export interface TrainingMeasurement extends Omit<EngineInfo, 'device'> {
  readonly size: string;
  readonly channels: number;
  readonly iterations: number;
  readonly secondsPerIteration: Spread;
  readonly gflops: number;
}

const STEPS = 3;
const SEED = 1;

/** Times whole iterations of the paper preset at one scale: 3 D steps with gradient penalty and 3 G steps, the image of the scales before given. */
export async function benchTraining(o: BenchArguments): Promise<TrainingMeasurement> {
  const { engine, isa, threads } = await startEngine(o.engine);
  const level = { height: o.height, width: o.width, channels: o.channels, iterations: o.iterations };
  const pair = createNetPair(startArrays({ seed: SEED, scale: 1, level, before: null }), null);
  const images = drawImages(o);
  const seconds = await measure((run) => runIteration(pair, images, run), o.iterations);
  disposeNetPair(pair);
  tf.dispose(Object.values(images));
  const secondsPerIteration = spreadOf(seconds);
  const gflops = iterationFlops(level) / secondsPerIteration.median / 1e9;
  return {
    size: `${o.height}x${o.width}`,
    channels: o.channels,
    iterations: o.iterations,
    engine,
    isa,
    threads,
    secondsPerIteration,
    gflops,
  };
}

type Images = Record<'real' | 'noise' | 'previous', tf.Tensor4D>;

/** Speed does not depend on what the pictures show, as long as nothing in them is degenerate. */
function drawImages({ height, width }: BenchArguments): Images {
  const draw = (seed: number) =>
    tf.tidy(() => tf.randomUniform<tf.Rank.R4>([1, height, width, 3], -1, 1, 'float32', seed));
  return { real: draw(1), noise: draw(2), previous: draw(3) };
}

async function runIteration(pair: NetPair, { real, noise, previous }: Images, iteration: number): Promise<void> {
  const losses = tf.tidy(() => {
    const input = composeInput({ noise, noiseAmplitude: 0.1, previous });
    const shared = { real, input, learningRate: 5e-4 };
    const terms = [];
    for (let index = 1; index <= STEPS; index += 1) {
      const step = (iteration - 1) * STEPS + index;
      terms.push(...Object.values(discriminatorStep(pair, { ...shared, step, mix: 0.5, gradientPenaltyWeight: 0.1 })));
    }
    for (let index = 1; index <= STEPS; index += 1) {
      const step = (iteration - 1) * STEPS + index;
      terms.push(
        ...Object.values(
          generatorStep(pair, { ...shared, step, reconstructionInput: input, reconstructionWeight: 10 }),
        ),
      );
    }
    return tf.stack(terms);
  });
  await losses.data();
  losses.dispose();
}
