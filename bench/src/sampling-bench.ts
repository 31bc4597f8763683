import { type EngineInfo, startEngine } from '@singan/engine';
import { generatorFlops, planPyramid, resolveTrainingConfig } from '@singan/plan';
import { GeneratorPyramid, sampleImage, startArrays } from '@singan/singan';
import type { BenchArguments, BenchEnvironment } from './arguments.ts';
import { measure, type Spread, spreadOf } from './spread.ts';

export interface SamplingMeasurement extends Omit<EngineInfo, 'device'> {
  readonly size: string;
  readonly channels: number;
  readonly scales: number;
  readonly iterations: number;
  readonly secondsPerSample: Spread;
  readonly gflops: number;
}

const SEED = 1;

/** Times warm random samples through a whole pyramid whose finest scale has the given size; its channels grow as in the paper from `channels`. */
export async function benchSampling(o: BenchArguments, environment: BenchEnvironment): Promise<SamplingMeasurement> {
  const { engine, isa, threads } = await startEngine(o.engine, environment.engine);
  const maxSize = Math.max(o.height, o.width);
  const maxChannels = Math.max(128, o.channels);
  const config = resolveTrainingConfig({ preset: 'paper', maxSize, baseChannels: o.channels, maxChannels }, () => SEED);
  const plan = planPyramid({ width: o.width, height: o.height }, config);
  const model = untrainedModel(plan.levels, config);
  const seconds = await measure(async (run) => sampleImage(model, { seed: SEED, index: run }), { count: o.iterations });
  model.dispose();
  const secondsPerSample = spreadOf(seconds);
  const flops = plan.levels.reduce((sum, level) => sum + generatorFlops(level), 0);
  const gflops = flops / secondsPerSample.median / 1e9;
  return {
    size: `${o.height}x${o.width}`,
    channels: o.channels,
    scales: plan.levels.length,
    iterations: o.iterations,
    engine,
    isa,
    threads,
    secondsPerSample,
    gflops,
  };
}

/** Initial weights: sampling costs the same before and after training. */
function untrainedModel(
  levels: ReturnType<typeof planPyramid>['levels'],
  { padding, normalization, activation, loss }: ReturnType<typeof resolveTrainingConfig>,
): GeneratorPyramid {
  const model = new GeneratorPyramid();
  for (const [scale, level] of levels.entries()) {
    const arrays = startArrays({ seed: SEED, scale, level, before: null });
    const { width, height, channels } = level;
    model.add({
      kind: 'scale',
      configHash: '',
      imageHash: '',
      scale,
      iteration: 0,
      width,
      height,
      channels,
      noiseAmplitude: 0.1,
      padding,
      normalization,
      activation,
      loss,
      colours: 0,
      arrays,
    });
  }
  return model;
}
