import type { PyramidPlan } from '@singan/contracts';
import { failState, type LevelState, type StateKind, type TrainingIdentity } from './level-state.ts';

/** Which file of which training is wanted. */
export interface LevelExpectation {
  readonly kind: StateKind;
  readonly plan: PyramidPlan;
  /** As much of it as is known: who only samples has no picture. */
  readonly identity: Partial<TrainingIdentity>;
}

/**
 * Checks that a file is the one wanted: mixing trainings would give a model that nobody asked for.
 * @param o.number of the scale or stage
 * @param o.facts what else it has to say
 * @throws AppError `checkpoint.invalid`
 */
export function requireLevel<State extends LevelState>(
  state: State,
  o: LevelExpectation & { readonly number: number; readonly facts: Partial<State> },
): void {
  const { kind, plan, identity, number, facts } = o;
  const fail = (detail: string): never => failState(`${kind} file`, detail);
  const level = plan.levels[number] ?? fail(`expected at most ${plan.levels.length} scales, got ${number + 1}`);
  const { width, height, channels, iterations } = level;
  for (const [key, expected] of Object.entries({ ...identity, ...facts, width, height, channels })) {
    const got = state[key as keyof State];
    if (got !== expected) fail(`expected ${key} ${expected}, got ${got}`);
  }
  const { iteration } = state;
  if (kind === 'scale' && iteration !== iterations) fail(`expected ${iterations} iterations, got ${iteration}`);
  if (iteration > iterations) fail(`expected at most ${iterations} iterations, got ${iteration}`);
}
