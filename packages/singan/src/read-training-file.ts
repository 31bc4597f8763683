import type { PyramidPlan } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { decodeScaleState, type ScaleState, type ScaleStateKind } from './scale-state.ts';

/** What all files of one training have in common. */
export interface TrainingIdentity {
  readonly configHash: string;
  readonly imageHash: string;
}

export interface TrainingFileExpectation {
  readonly kind: ScaleStateKind;
  readonly scale: number;
  readonly plan: PyramidPlan;
  /** As much of it as is known: who only samples has no picture. */
  readonly identity: Partial<TrainingIdentity>;
  /** A variant of the scale that was trained on quantised inputs, which is not the scale itself. False when absent. */
  readonly isVariant?: boolean;
}

/**
 * Reads a scale file or checkpoint and checks that it is the one wanted: mixing trainings would give a model that nobody
 * asked for.
 * @throws AppError `checkpoint.invalid`
 */
export function readTrainingFile(bytes: Uint8Array, o: TrainingFileExpectation): ScaleState {
  const { kind, scale, identity, plan, isVariant = false } = o;
  const state = decodeScaleState(bytes, kind);
  const level = plan.levels[scale] ?? fail(kind, `expected at most ${plan.levels.length} scales, got ${scale + 1}`);
  const { width, height, channels, iterations } = level;
  for (const [key, expected] of Object.entries({ ...identity, scale, width, height, channels })) {
    const got = state[key as keyof ScaleState];
    if (got !== expected) fail(kind, `expected ${key} ${expected}, got ${got}`);
  }
  if (state.colours > 0 !== isVariant) {
    fail(kind, `expected ${isVariant ? 'a palette' : 'no palette'}, got one of ${state.colours} colours`);
  }
  const isComplete = state.iteration === iterations;
  if (kind === 'scale' && !isComplete) fail(kind, `expected ${iterations} iterations, got ${state.iteration}`);
  if (state.iteration > iterations) fail(kind, `expected at most ${iterations} iterations, got ${state.iteration}`);
  return state;
}

function fail(kind: ScaleStateKind, detail: string): never {
  throw new AppError('checkpoint.invalid', `${kind} file: ${detail}`);
}
