import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import { TINY_CONFIG, tinyOptions } from '../tiny-training.fixture.ts';
import type { TrainPyramidOptions } from '../train-pyramid-options.ts';

/** Four stages of which two are trained together, so that head and stages come to stand still. */
export const TINY_STAGES: PyramidPlan = {
  scaleFactor: 1.2,
  levels: [
    { width: 12, height: 11, channels: 4, iterations: 2 },
    { width: 13, height: 12, channels: 4, iterations: 3 },
    { width: 15, height: 13, channels: 4, iterations: 2 },
    { width: 17, height: 15, channels: 4, iterations: 2 },
  ],
};

export const TINY_CONCURRENT: TrainingConfig = {
  ...TINY_CONFIG,
  scheme: 'concurrent',
  normalization: 'none',
  concurrentStages: 2,
  learningRateScale: 0.1,
  maxChannels: 4,
  generatorSteps: 2,
};

export function tinyConcurrent(o: Partial<TrainPyramidOptions> = {}): TrainPyramidOptions {
  return tinyOptions({ config: TINY_CONCURRENT, plan: TINY_STAGES, ...o });
}
