import type { Normalization, Padding, TrainingConfigInput } from '@singan/contracts';
import { assertNever } from '@singan/domain';
import { DEFAULT_STAGE_COUNT } from './plan-stages.ts';
import type { PresetValues } from './presets.ts';

export interface SchemeValues {
  readonly concurrentStages?: number;
  readonly learningRateScale?: number;
  readonly baseChannels?: number;
  readonly padding?: Padding;
  readonly normalization?: Normalization;
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
} as const;

/** Defaults that a scheme sets in place of those of preset and purpose. */
export function schemeValues(input: TrainingConfigInput, preset: PresetValues): SchemeValues {
  const scheme = input.scheme ?? preset.scheme;
  switch (scheme) {
    case 'sequential':
      return {};
    case 'concurrent':
      return {
        ...CONCURRENT,
        // Every stage trains the ones before it on, so none can do with less.
        finestIterations: preset.iterations,
        ...(input.pyramid?.scaleFactor === undefined ? { pyramid: { scaleCount: DEFAULT_STAGE_COUNT } } : {}),
      };
    default:
      return assertNever(scheme);
  }
}
