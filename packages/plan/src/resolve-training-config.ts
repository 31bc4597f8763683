import type { TrainingConfig, TrainingConfigInput } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { configContradictions } from './config-contradictions.ts';
import { lossValues } from './loss-values.ts';
import { DEFAULT_PRESET, PRESET_VALUES } from './presets.ts';
import { purposeValues } from './purpose-values.ts';
import { schemeValues } from './scheme-values.ts';

/**
 * The whole configuration of a training: the preset's values, overridden by the caller's.
 * What purpose, loss and scheme imply stands between the two. A value that follows from another one follows an override too: `finestIterations` follows `iterations`, `maxChannels` is at least `baseChannels`.
 *
 * @param input already checked by `trainingConfigInputSchema`
 * @param seed draws an unsigned 32-bit seed; called only when the input has none
 * @throws AppError `request.field_invalid` when values contradict each other; pointers are relative to the configuration
 */
export function resolveTrainingConfig(input: TrainingConfigInput, seed: () => number): TrainingConfig {
  const preset = input.preset ?? DEFAULT_PRESET;
  const { pyramid: givenPyramid, ...overrides } = withoutUndefined(input);
  const pyramid = withoutUndefined(givenPyramid ?? {});
  const ofScheme = schemeValues({ ...overrides, pyramid }, preset);
  const implied = purposeValues({ ...overrides, pyramid });
  const defaults = {
    ...PRESET_VALUES[preset],
    ...implied,
    ...lossValues(overrides),
    ...ofScheme,
    pyramid: { ...PRESET_VALUES[preset].pyramid, ...(ofScheme.pyramid ?? implied.pyramid) },
  };
  const iterations = overrides.iterations ?? defaults.iterations;
  const baseChannels = overrides.baseChannels ?? defaults.baseChannels;
  const scheme = overrides.scheme ?? defaults.scheme;
  const config: TrainingConfig = {
    ...defaults,
    finestIterations: overrides.iterations === undefined ? defaults.finestIterations : iterations,
    maxChannels: scheme === 'concurrent' ? baseChannels : Math.max(defaults.maxChannels, baseChannels),
    ...overrides,
    preset,
    pyramid: { ...defaults.pyramid, ...pyramid },
    seed: overrides.seed ?? seed(),
  };
  refuseContradictions(config);
  return config;
}

function refuseContradictions(config: TrainingConfig): void {
  const errors = configContradictions(config);
  if (errors.length === 0) return;
  throw new AppError('request.field_invalid', errors.map((error) => error.detail).join(' '), { errors });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** An explicit undefined must not override a default. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
