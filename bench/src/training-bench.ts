import type { Normalization } from '@singan/contracts';
import { type EngineInfo, type KernelProfile, profileKernels } from '@singan/engine';
import { iterationFlops } from '@singan/plan';
import type { BenchArguments, BenchEnvironment } from './arguments.ts';
import { measure, type Spread, spreadOf } from './spread.ts';
import { TrainingIteration } from './training-iteration.ts';
import { UsageError } from './usage-error.ts';

export interface TrainingMeasurement extends Omit<EngineInfo, 'device'> {
  readonly size: string;
  readonly channels: number;
  readonly normalization: Normalization;
  readonly iterations: number;
  readonly secondsPerIteration: Spread;
  readonly gflops: number;
}

/** What one kind of kernel takes of an iteration. */
export interface KernelShare {
  readonly kernel: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** Of the whole iteration. */
  readonly percent: number;
  /** 10^9 operations per second; 0 for what is no convolution. */
  readonly gflops: number;
}

/** Where the time of an iteration goes, the largest share first; what is not spent in kernels is the last row. */
export async function profileTraining(o: BenchArguments, environment: BenchEnvironment): Promise<KernelShare[]> {
  const iteration = await TrainingIteration.start(o, environment.engine);
  const take = profileKernels();
  if (take === null) throw new UsageError('--profile: expected the native engine; only that one is timed by kernel');
  await measure(() => iteration.run(), { count: 1 });
  take();
  const start = performance.now();
  await iteration.run(o.iterations);
  const milliseconds = (performance.now() - start) / o.iterations;
  iteration.dispose();
  return sharesOf(take(), { iterations: o.iterations, milliseconds });
}

function sharesOf(profile: readonly KernelProfile[], o: { iterations: number; milliseconds: number }): KernelShare[] {
  const percentOf = (milliseconds: number) => (100 * milliseconds) / o.milliseconds;
  const shares = profile.map(({ kernel, calls, seconds, gigaFlops }) => {
    const milliseconds = (seconds * 1000) / o.iterations;
    const gflops = gigaFlops / seconds;
    return { kernel, calls: calls / o.iterations, milliseconds, percent: percentOf(milliseconds), gflops };
  });
  const rest = o.milliseconds - shares.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const outside = { kernel: 'outside of kernels', calls: 0, milliseconds: rest, percent: percentOf(rest), gflops: 0 };
  return [...shares.toSorted((a, b) => b.milliseconds - a.milliseconds), outside];
}

/** Times whole training iterations at one scale. */
export async function benchTraining(o: BenchArguments, environment: BenchEnvironment): Promise<TrainingMeasurement> {
  const iteration = await TrainingIteration.start(o, environment.engine);
  const { engine, isa, threads } = iteration.engine;
  const seconds = await measure(() => iteration.run(), { count: o.iterations });
  iteration.dispose();
  const { height, width, channels, normalization, iterations } = o;
  const secondsPerIteration = spreadOf(seconds);
  const gflops = iterationFlops({ height, width, channels, iterations }) / secondsPerIteration.median / 1e9;
  const size = `${height}x${width}`;
  return { size, channels, normalization, iterations, engine, isa, threads, secondsPerIteration, gflops };
}
