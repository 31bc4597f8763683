import type { Padding, ReconstructionNoise, TrainingConfigInput } from '@singan/contracts';
import { assertNever } from '@singan/domain';
import { superResolutionSteps } from './plan-super-resolution.ts';

/** Enlargement that a model for super-resolution is laid out for when a caller names none: the one of the paper's comparisons. */
const DEFAULT_SUPER_RESOLUTION_FACTOR = 4;

/**
 * Faithful scales matter more than varied ones. Super-resolution: the paper's value, section 4. Animation: the value its authors advise,
 * so that frames near z^rec stay near the picture. With such a weight z* is fixed: a new one in each iteration would make the picture of every noise.
 */
const FAITHFUL = { reconstructionWeight: 100, reconstructionNoise: 'fixed' } as const;

/** A smaller coarsest scale than the paper's 25 px, as in the published animations: larger parts of the picture move as one. */
const ANIMATION_MIN_SIZE = 20;

export interface PurposeValues {
  readonly padding?: Padding;
  readonly minSize?: number;
  readonly reconstructionWeight?: number;
  readonly reconstructionNoise?: ReconstructionNoise;
  readonly superResolutionFactor?: number;
  readonly pyramid?: { readonly scaleFactor: number };
}

/** Defaults that a purpose sets in place of the preset's. A given `pyramid.scaleCount` or `scaleFactor` decides over the factor of super-resolution. */
export function purposeValues(input: TrainingConfigInput): PurposeValues {
  const purpose = input.purpose ?? 'general';
  switch (purpose) {
    case 'general':
      return {};
    case 'animation':
      return { padding: 'noise', minSize: ANIMATION_MIN_SIZE, ...FAITHFUL };
    case 'super-resolution':
      return superResolutionValues(input);
    default:
      return assertNever(purpose);
  }
}

function superResolutionValues(input: TrainingConfigInput): PurposeValues {
  const superResolutionFactor = input.superResolutionFactor ?? DEFAULT_SUPER_RESOLUTION_FACTOR;
  const values = { superResolutionFactor, ...FAITHFUL };
  if (input.pyramid?.scaleCount !== undefined) return values;
  return { ...values, pyramid: { scaleFactor: superResolutionSteps(superResolutionFactor).ratio } };
}
