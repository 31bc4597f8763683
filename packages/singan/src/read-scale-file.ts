import { failState } from './level-state.ts';
import { type LevelExpectation, requireLevel } from './require-level.ts';
import { decodeScaleState, type ScaleState } from './scale-state.ts';

export interface ScaleFileExpectation extends LevelExpectation {
  readonly scale: number;
  /** A variant of the scale that was trained on quantised inputs, which is not the scale itself. False when absent. */
  readonly isVariant?: boolean;
}

/**
 * Reads a scale file or checkpoint and checks that it is the one wanted.
 * @throws AppError `checkpoint.invalid`
 */
export function readScaleFile(bytes: Uint8Array, o: ScaleFileExpectation): ScaleState {
  const { kind, scale, isVariant = false } = o;
  const state = decodeScaleState(bytes, kind);
  requireLevel(state, { ...o, number: scale, facts: { scale } });
  if (state.colours > 0 === isVariant) return state;
  return failState(
    `${kind} file`,
    `expected ${isVariant ? 'a palette' : 'no palette'}, got one of ${state.colours} colours`,
  );
}
