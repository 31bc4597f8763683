import type { TrainingConfig } from '@singan/contracts';
import { type LevelExpectation, requireLevel } from '../require-level.ts';
import { concurrentSettings } from './concurrent-settings.ts';
import { decodeStageState, type StageState } from './stage-state.ts';

export interface StageFileExpectation extends LevelExpectation {
  readonly stage: number;
  readonly config: TrainingConfig;
}

/**
 * Reads a stage file or checkpoint and checks that it is the one wanted.
 * @throws AppError `checkpoint.invalid`
 */
export function readStageFile(bytes: Uint8Array, o: StageFileExpectation): StageState {
  const { stage } = o;
  const state = decodeStageState(bytes, o.kind);
  const { normalization, concurrentStages } = concurrentSettings(o.config);
  requireLevel(state, { ...o, number: stage, facts: { stage, normalization, concurrentStages } });
  return state;
}
