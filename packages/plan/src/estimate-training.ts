import type { PyramidPlan, TrainingConfig, TrainingEstimate } from '@singan/contracts';
import { type FlopsConfig, levelFlops } from './level-flops.ts';
import { peakTrainingBytes } from './training-memory.ts';

const GIGA = 1e9;

/**
 * Rough sustained speed of a training per engine, in 10^9 flops per second on two cores, for the time estimate alone:
 * it differs by a factor of a few between machines and sizes.
 */
export const ENGINE_GFLOPS = { native: 250, wasm: 14, cpu: 0.5 } as const;

/**
 * What a training takes: memory at the peak, flops of all its convolutions, and the seconds that follow from the speed.
 *
 * @param speedGigaFlops sustained speed of the engine, 10^9 flops per second
 */
export function estimateTraining(
  plan: PyramidPlan,
  config: FlopsConfig & Pick<TrainingConfig, 'loss' | 'activation'>,
  speedGigaFlops: number,
): TrainingEstimate {
  const gigaFlops = trainingFlops(plan, config) / GIGA;
  return { memoryBytes: peakTrainingBytes(plan, config), gigaFlops, seconds: gigaFlops / speedGigaFlops };
}

function trainingFlops(plan: PyramidPlan, config: FlopsConfig): number {
  const perIteration = levelFlops(plan, config);
  return plan.levels.reduce((sum, { iterations }, scale) => sum + iterations * (perIteration[scale] as number), 0);
}
