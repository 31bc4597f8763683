import type { TrainingConfig } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { StageNormalization } from './layout.ts';

export interface ConcurrentSettings {
  readonly normalization: StageNormalization;
  readonly concurrentStages: number;
  readonly learningRateScale: number;
}

/** What a resolved configuration says of the concurrent scheme. */
export function concurrentSettings(config: TrainingConfig): ConcurrentSettings {
  const { normalization, concurrentStages, learningRateScale } = config;
  if (normalization !== 'instance' && concurrentStages !== undefined && learningRateScale !== undefined) {
    return { normalization, concurrentStages, learningRateScale };
  }
  throw new AppError(
    'internal',
    `expected a configuration resolved for scheme concurrent, got normalization ${normalization}, concurrentStages ${concurrentStages}, learningRateScale ${learningRateScale}`,
  );
}
