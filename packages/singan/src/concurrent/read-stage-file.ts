import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { TrainingIdentity } from '../read-training-file.ts';
import type { ScaleStateKind } from '../scale-state.ts';
import { concurrentSettings } from './concurrent-settings.ts';
import { decodeStageState, type StageState } from './stage-state.ts';

export interface StageFileExpectation {
  readonly kind: ScaleStateKind;
  readonly stage: number;
  readonly plan: PyramidPlan;
  readonly config: TrainingConfig;
  /** As much of it as is known: who only samples has no picture. */
  readonly identity: Partial<TrainingIdentity>;
}

/**
 * Reads a stage file or checkpoint and checks that it is the one wanted.
 * @throws AppError `checkpoint.invalid`
 */
export function readStageFile(bytes: Uint8Array, o: StageFileExpectation): StageState {
  const { kind, stage, identity, plan, config } = o;
  const state = decodeStageState(bytes, kind);
  const level = plan.levels[stage] ?? fail(kind, `expected at most ${plan.levels.length} stages, got ${stage + 1}`);
  const { width, height, channels, iterations } = level;
  const { normalization, concurrentStages } = concurrentSettings(config);
  const expected = { ...identity, stage, width, height, channels, normalization, concurrentStages };
  for (const [key, value] of Object.entries(expected)) {
    const got = state[key as keyof StageState];
    if (got !== value) fail(kind, `expected ${key} ${value}, got ${got}`);
  }
  if (kind === 'scale' && state.iteration !== iterations) {
    fail(kind, `expected ${iterations} iterations, got ${state.iteration}`);
  }
  if (state.iteration > iterations) fail(kind, `expected at most ${iterations} iterations, got ${state.iteration}`);
  return state;
}

function fail(kind: ScaleStateKind, detail: string): never {
  throw new AppError('checkpoint.invalid', `${kind} file: ${detail}`);
}
