import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalValues } from '../noise.ts';
import { type Matrix, product, squareRoots, traceOf } from './square-roots.ts';

const SIZE = 6;

/** Q diag(eigenvalues) Q' of a rotation Q, which is made of random reflections I - 2 v v' / |v|^2. */
function matrixWith(eigenvalues: readonly number[], seed: number): Matrix {
  let matrix = diagonal(eigenvalues);
  for (let step = 0; step < 4; step++) {
    const v = normalValues(SIZE, { seed, purpose: 'sample', scale: 0, step });
    const square = v.reduce((sum, value) => sum + value * value, 0);
    const reflection = diagonal(new Array<number>(SIZE).fill(1)).values.map((value, i) => {
      return value - (2 * (v[Math.floor(i / SIZE)] as number) * (v[i % SIZE] as number)) / square;
    });
    const q = { size: SIZE, values: reflection };
    matrix = product(product(q, matrix), q);
  }
  return matrix;
}

function diagonal(values: readonly number[]): Matrix {
  const all = new Float64Array(SIZE * SIZE);
  for (const [i, value] of values.entries()) all[i * SIZE + i] = value;
  return { size: SIZE, values: all };
}

const largest = (a: Matrix, b: Matrix): number =>
  Math.max(...a.values.map((value, i) => Math.abs(value - (b.values[i] as number))));

describe('square roots of a matrix', () => {
  it('square to the matrix, have the roots of its eigenvalues, and the inverse undoes them', () => {
    const eigenvalue = fc.double({ min: 1e-5, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.array(eigenvalue, { minLength: SIZE, maxLength: SIZE }), fc.nat(), (eigenvalues, seed) => {
        const a = matrixWith(eigenvalues, seed);
        const { root, inverse } = squareRoots(a);
        expect(largest(product(root, root), a)).toBeLessThan(1e-8);
        expect(traceOf(root)).toBeCloseTo(
          eigenvalues.reduce((sum, value) => sum + Math.sqrt(value), 0),
          6,
        );
        expect(largest(product(root, inverse), diagonal(new Array<number>(SIZE).fill(1)))).toBeLessThan(1e-5);
      }),
      { numRuns: 50 },
    );
  });
});
