import type { NamedArrays } from '@singan/singan';
import { expectArraysClose, magnitude } from './golden-check.ts';

/** Of the largest gradient of an array. */
const RELATIVE_TOLERANCE = 1e-4;
/** For the gradients that are exactly 0: sums of a thousand float32 values that cancel. */
const ABSOLUTE_FLOOR = 1e-6;

export function expectGradients(what: string, got: NamedArrays, expected: NamedArrays): void {
  expectArraysClose(what, got, {
    expected,
    tolerance: (_, values) => RELATIVE_TOLERANCE * magnitude(values) + ABSOLUTE_FLOOR,
  });
}

/** (a - b) / divisor, array by array. */
export function difference(a: NamedArrays, b: NamedArrays, divisor: number): NamedArrays {
  return new Map(
    [...a].map(([name, { shape, data }]) => {
      const other = b.get(name)?.data ?? new Float32Array(data.length);
      return [name, { shape, data: data.map((value, i) => (value - (other[i] as number)) / divisor) }];
    }),
  );
}
