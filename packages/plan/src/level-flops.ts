import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import { generatorFlops, type IterationSteps, iterationFlops, picturesPerIteration } from './iteration-flops.ts';
import { stageFlops } from './stage-flops.ts';

/** What the work of a training depends on, besides its plan; sequential when it names no scheme. */
export type FlopsConfig = IterationSteps & Partial<Pick<TrainingConfig, 'scheme' | 'concurrentStages'>>;

/** Floating point operations of one iteration at each scale, coarsest first, with all that it draws through the scales before. */
export function levelFlops(plan: PyramidPlan, config: FlopsConfig): number[] {
  if (config.scheme === 'concurrent') return stageFlops(plan, config);
  let coarserFlops = 0;
  return plan.levels.map((level) => {
    const flops = iterationFlops(level, config) + picturesPerIteration(config) * coarserFlops;
    coarserFlops += generatorFlops(level);
    return flops;
  });
}
