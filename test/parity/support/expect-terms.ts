import type { Scalar } from '@tensorflow/tfjs-core';
import { expectClose } from './golden-check.ts';

/** Below this a loss is compared absolutely: float32 sums of values near 1 carry errors of this size. */
const ABSOLUTE_FLOOR = 1e-5;

/** Compares the summands of a loss with a relative tolerance. */
export function expectTerms<Term extends string>(
  terms: Readonly<Record<Term, Scalar>>,
  o: { expected: Readonly<Record<Term, number>>; relativeTolerance: number; what?: string },
): void {
  for (const [term, expected] of Object.entries<number>(o.expected)) {
    const tolerance = o.relativeTolerance * Math.abs(expected) + ABSOLUTE_FLOOR;
    const got = terms[term as Term].dataSync();
    expectClose(`${o.what ?? 'loss'} ${term}`, got, { expected: [expected], tolerance });
  }
}
