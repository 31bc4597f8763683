import { grad, mul, type Scalar, square, sum, type Tensor1D, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { elu } from './elu.ts';
import { expectClose, expectNoLeak, startComposedOnCpu } from './test-support.ts';

beforeAll(startComposedOnCpu);

const VALUES = [-30, -4, -1.5, -0.3, -1e-4, 1e-4, 0.4, 2, 30];
const input = (): Tensor1D => tensor1d(VALUES);
const values = (t: { dataSync(): ArrayLike<number> }): number[] => Array.from(t.dataSync());

/** d/dx of sum(f), and d/dx of sum((d/dx sum f)^2). */
const first = (f: (x: Tensor1D) => Scalar) => grad((x) => f(x as Tensor1D));
const loss = (x: Tensor1D): Scalar => sum(square(elu(x)));
const slopeLoss = (x: Tensor1D): Scalar => sum(square(first(loss)(x)));

describe('elu', () => {
  it('is x where x is positive, and exp(x) - 1 elsewhere, to the last digits near 0', () => {
    for (const [i, actual] of values(elu(input())).entries()) {
      const x = VALUES[i] as number;
      const expected = x > 0 ? x : Math.expm1(x);
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(3e-7 * Math.abs(expected));
    }
  });

  it('has the derivative of f = elu^2, written out', () => {
    const expected = VALUES.map((x) => (x > 0 ? 2 * x : 2 * Math.expm1(x) * Math.exp(x)));
    expectClose(values(first(loss)(input())), expected, 1e-6);
  });

  it('has the second derivative of f = elu^2, written out', () => {
    // d/dx f'^2 = 2 f' f'', f'' = 2 for x > 0, else 2 e^x (2 e^x - 1).
    const expected = VALUES.map((x) => {
      const e = Math.exp(x);
      return x > 0 ? 8 * x : 2 * (2 * (e - 1) * e) * (2 * e * (2 * e - 1));
    });
    const actual = values(first(slopeLoss)(input()));
    // One at a time: beside the values at 30 the others would count for nothing.
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
  });

  it('leaves no tensor behind', () => {
    const x = input();
    expectNoLeak(() => tidy(() => void first(slopeLoss)(mul(x, 0.1))));
  });
});
