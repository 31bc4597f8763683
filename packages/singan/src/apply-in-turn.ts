import type { Tensor4D } from '@tensorflow/tfjs-core';

/**
 * x through one function after another; x stays the caller's. What comes in between is disposed at once, not by a tidy at the end: large
 * samples are bound by the activations that are alive.
 * @returns the last result; the caller disposes
 */
export function applyInTurn(x: Tensor4D, functions: Iterable<(x: Tensor4D) => Tensor4D>): Tensor4D {
  let current = x;
  for (const apply of functions) {
    const next = apply(current);
    if (current !== x) current.dispose();
    current = next;
  }
  return current;
}
