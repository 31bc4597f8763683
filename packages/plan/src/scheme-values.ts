import type { Normalization, Padding, Preset, ReconstructionNoise, TrainingConfigInput } from '@singan/contracts';
import { assertNever } from '@singan/domain';
import { DEFAULT_STAGE_COUNT } from './plan-stages.ts';
import { PRESET_VALUES } from './presets.ts';

export interface SchemeValues {
  readonly concurrentStages?: number;
  readonly learningRateScale?: number;
  readonly baseChannels?: number;
  readonly padding?: Padding;
  readonly normalization?: Normalization;
  readonly reconstructionNoise?: ReconstructionNoise;
  readonly iterations?: number;
  readonly finestIterations?: number;
  readonly pyramid?: { readonly scaleCount: number };
}

/** How many of the newest stages are trained together when a caller names no count. */
export const DEFAULT_CONCURRENT_STAGES = 3;

/** Values of the concurrent scheme's authors (arXiv 2003.11512, section 3 and its code). */
const CONCURRENT = {
  concurrentStages: DEFAULT_CONCURRENT_STAGES,
  learningRateScale: 0.1,
  baseChannels: 64,
  normalization: 'none',
  // The border of the features is zeros, whatever a purpose would have.
  padding: 'zero',
  // The picture itself stands for the noise of stage 0.
  reconstructionNoise: 'fixed',
} as const;

/**
 * Iterations of each stage of the concurrent scheme. All stages cost like the finest and none can do with less, since each trains the ones
 * before it on: 750 are the best that half an hour on two cores makes of 250 px (docs/presets.md); `paper` has those of its authors.
 */
const STAGE_ITERATIONS: Readonly<Record<Preset, number>> = { quick: 200, fast: 750, paper: 2000 };

/** Defaults that a scheme sets in place of those of preset and purpose. */
export function schemeValues(input: TrainingConfigInput, preset: Preset): SchemeValues {
  const scheme = input.scheme ?? PRESET_VALUES[preset].scheme;
  switch (scheme) {
    case 'sequential':
      return {};
    case 'concurrent':
      return {
        ...CONCURRENT,
        iterations: STAGE_ITERATIONS[preset],
        finestIterations: STAGE_ITERATIONS[preset],
        ...(input.pyramid?.scaleFactor === undefined ? { pyramid: { scaleCount: DEFAULT_STAGE_COUNT } } : {}),
      };
    default:
      return assertNever(scheme);
  }
}
