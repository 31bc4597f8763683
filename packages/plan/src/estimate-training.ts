import type { PyramidPlan, TrainingEstimate } from '@singan/contracts';
import { generatorFlops, type IterationSteps, iterationFlops } from './iteration-flops.ts';
import { peakTrainingBytes } from './training-memory.ts';

const GIGA = 1e9;

/**
 * Rough sustained speed of a training per engine, in 10^9 flops per second on two cores, for the time estimate alone:
 * it differs by a factor of a few between machines and sizes.
 */
export const ENGINE_GFLOPS = { native: 200, wasm: 14, cpu: 0.5 } as const;

/**
 * What a training takes: memory at the peak, flops of all its convolutions, and the seconds that follow from the speed.
 *
 * @param speedGigaFlops sustained speed of the engine, 10^9 flops per second
 */
export function estimateTraining(plan: PyramidPlan, config: IterationSteps, speedGigaFlops: number): TrainingEstimate {
  const gigaFlops = trainingFlops(plan, config) / GIGA;
  return { memoryBytes: peakTrainingBytes(plan), gigaFlops, seconds: gigaFlops / speedGigaFlops };
}

/** Each discriminator step also draws a random picture through all coarser scales. */
function trainingFlops(plan: PyramidPlan, steps: IterationSteps): number {
  let total = 0;
  let coarserFlops = 0;
  for (const level of plan.levels) {
    const perIteration = iterationFlops(level, steps) + steps.discriminatorSteps * coarserFlops;
    total += level.iterations * perIteration;
    coarserFlops += generatorFlops(level);
  }
  return total;
}
