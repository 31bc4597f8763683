import type { TrainingConfig, TrainingConfigInput } from '@singan/contracts';
import { AppError, type FieldError } from '@singan/domain';
import { DEFAULT_PRESET, PRESET_VALUES } from './presets.ts';
import { purposeValues } from './purpose-values.ts';

/**
 * The whole configuration of a training: the preset's values, overridden by the caller's.
 * What the purpose implies stands between the two. A value that follows from another one follows an override too: `finestIterations` follows `iterations`, `maxChannels` is at least `baseChannels`.
 *
 * @param input already checked by `trainingConfigInputSchema`
 * @param seed draws an unsigned 32-bit seed; called only when the input has none
 * @throws AppError `request.field_invalid` when values contradict each other; pointers are relative to the configuration
 */
export function resolveTrainingConfig(input: TrainingConfigInput, seed: () => number): TrainingConfig {
  const preset = input.preset ?? DEFAULT_PRESET;
  const { pyramid: givenPyramid, ...overrides } = withoutUndefined(input);
  const pyramid = withoutUndefined(givenPyramid ?? {});
  const implied = purposeValues({ ...overrides, pyramid });
  const defaults = {
    ...PRESET_VALUES[preset],
    ...implied,
    pyramid: { ...PRESET_VALUES[preset].pyramid, ...implied.pyramid },
  };
  const iterations = overrides.iterations ?? defaults.iterations;
  const baseChannels = overrides.baseChannels ?? defaults.baseChannels;
  const config: TrainingConfig = {
    ...defaults,
    finestIterations: overrides.iterations === undefined ? defaults.finestIterations : iterations,
    maxChannels: Math.max(defaults.maxChannels, baseChannels),
    ...overrides,
    preset,
    pyramid: { ...defaults.pyramid, ...pyramid },
    seed: overrides.seed ?? seed(),
  };
  refuseContradictions(config);
  return config;
}

function refuseContradictions(config: TrainingConfig): void {
  const errors = contradictions(config);
  if (errors.length === 0) return;
  throw new AppError('request.field_invalid', errors.map((error) => error.detail).join(' '), { errors });
}

function contradictions(config: TrainingConfig): FieldError[] {
  const errors: FieldError[] = [];
  const { minSize, maxSize, baseChannels, maxChannels, pyramid, purpose, superResolutionFactor } = config;
  if (superResolutionFactor !== undefined && purpose !== 'super-resolution') {
    errors.push({
      pointer: '/superResolutionFactor',
      detail: `superResolutionFactor needs purpose super-resolution, got purpose ${purpose}: leave it out or set the purpose.`,
    });
  }
  if (minSize > maxSize) {
    errors.push({
      pointer: '/minSize',
      detail: `minSize must not exceed maxSize, got ${minSize} and ${maxSize}: lower minSize or raise maxSize.`,
    });
  }
  if (baseChannels > maxChannels) {
    errors.push({
      pointer: '/baseChannels',
      detail: `baseChannels must not exceed maxChannels, got ${baseChannels} and ${maxChannels}.`,
    });
  }
  if (pyramid.scaleCount !== undefined && pyramid.scaleFactor !== undefined) {
    errors.push({
      pointer: '/pyramid/scaleFactor',
      detail: 'Give pyramid.scaleCount or pyramid.scaleFactor, not both: each follows from the other.',
    });
  }
  return errors;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** An explicit undefined must not override a default. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
