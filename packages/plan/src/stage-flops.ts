import type { PlanLevel, PyramidPlan, TrainingConfig } from '@singan/contracts';
import { adversaryFlops, convolutionFlops, type IterationSteps } from './iteration-flops.ts';
import { DEFAULT_CONCURRENT_STAGES } from './scheme-values.ts';

/** Convolutions of a stage, and the pixels that they take from each side of its input. */
const STAGE_LAYERS = 3;
const RGB_CHANNELS = 3;

/**
 * Floating point operations of one iteration at each stage of the concurrent scheme: the growing generator runs through all stages
 * each time, forward for the fake of the discriminator, and forward and backward for fake and reconstruction of its one gradient.
 * Backward, dX and dW, only the stages that are trained. Resizes, activations and Adam are left out.
 */
export function stageFlops(
  { levels }: PyramidPlan,
  config: IterationSteps & Partial<Pick<TrainingConfig, 'concurrentStages'>>,
): number[] {
  const { concurrentStages = DEFAULT_CONCURRENT_STAGES } = config;
  return levels.map((newest, stage) => {
    const layers = levels.slice(0, stage + 1).map(bodyFlops);
    const ends = edgeFlops(levels[0] as PlanLevel) + edgeFlops(newest);
    const forward = sum(layers) + ends;
    const trained = sum(layers.slice(-concurrentStages)) + ends;
    return adversaryFlops(newest, config.discriminatorSteps) + 3 * forward + 2 * 2 * trained;
  });
}

/** The three convolutions of a stage, whose outputs shrink to its size. */
function bodyFlops({ width, height, channels }: PlanLevel): number {
  return sum(
    Array.from({ length: STAGE_LAYERS }, (_, layer) => {
      const around = 2 * (STAGE_LAYERS - 1 - layer);
      const output = { width: width + around, height: height + around };
      return convolutionFlops({ inputChannels: channels, outputChannels: channels, output });
    }),
  );
}

/** Head or tail at the size of a stage. */
function edgeFlops(level: PlanLevel): number {
  return convolutionFlops({ inputChannels: RGB_CHANNELS, outputChannels: level.channels, output: level });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
