import type { EngineInfo } from '@singan/engine';
import { iterationFlops } from '@singan/plan';
import type { BenchArguments, BenchEnvironment } from './arguments.ts';
import { measure, type Spread, spreadOf } from './spread.ts';
import { TrainingIteration } from './training-iteration.ts';

export interface TrainingMeasurement extends Omit<EngineInfo, 'device'> {
  readonly size: string;
  readonly channels: number;
  readonly iterations: number;
  readonly secondsPerIteration: Spread;
  readonly gflops: number;
}

/** Times whole training iterations at one scale. */
export async function benchTraining(o: BenchArguments, environment: BenchEnvironment): Promise<TrainingMeasurement> {
  const iteration = await TrainingIteration.start(o, environment.engine);
  const { engine, isa, threads } = iteration.engine;
  const seconds = await measure((run) => iteration.run(run), { count: o.iterations });
  iteration.dispose();
  const { height, width, channels, iterations } = o;
  const secondsPerIteration = spreadOf(seconds);
  const gflops = iterationFlops({ height, width, channels, iterations }) / secondsPerIteration.median / 1e9;
  return { size: `${height}x${width}`, channels, iterations, engine, isa, threads, secondsPerIteration, gflops };
}
