import type { NamedArrays } from '@singan/singan';
import { expect } from 'vitest';

/** How golden files whose name starts with `prefix` are checked. One per file in `checks/`, as its export `check`. */
export interface GoldenCheck {
  readonly prefix: string;
  /** False for plain numbers that no engine computes: such a check runs once. */
  readonly needsEngine: boolean;
  /** @param golden the parsed file */
  run(golden: unknown): void;
}

/** Fails with the largest difference and where it is. */
export function expectClose(
  what: string,
  got: ArrayLike<number>,
  o: { expected: ArrayLike<number>; tolerance: number },
): void {
  expect(got.length, `${what}: number of values`).toBe(o.expected.length);
  let worst = { index: -1, difference: 0 };
  for (let index = 0; index < got.length; index++) {
    const gap = Math.abs((got[index] as number) - (o.expected[index] as number));
    // A NaN must not hide: no comparison with it is ever true.
    const difference = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    if (difference > worst.difference) worst = { index, difference };
  }
  const { index, difference } = worst;
  const message = `${what}[${index}]: expected ${o.expected[index]}, got ${got[index]}, tolerance ${o.tolerance}`;
  expect(difference <= o.tolerance, message).toBe(true);
}

/** Compares every array of `expected`; `tolerance` may depend on the expected values. */
export function expectArraysClose(
  what: string,
  got: NamedArrays,
  o: { expected: NamedArrays; tolerance: (name: string, expected: Float32Array) => number },
): void {
  expect(o.expected.size, `${what}: nothing to compare`).toBeGreaterThan(0);
  for (const [name, { shape, data }] of o.expected) {
    const array = got.get(name);
    expect(array?.shape, `${what} ${name}`).toEqual(shape);
    expectClose(`${what} ${name}`, array?.data ?? [], { expected: data, tolerance: o.tolerance(name, data) });
  }
}

/** Largest absolute value. */
export function magnitude(values: ArrayLike<number>): number {
  return Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
