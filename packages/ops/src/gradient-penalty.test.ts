import { grad, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientPenalty } from './gradient-penalty.ts';
import { expectClose, expectNoLeak, random, startComposedOnCpu } from './test-support.ts';

beforeAll(startComposedOnCpu);

function penalty64(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i += 3) {
    const norm = Math.hypot(values[i] as number, values[i + 1] as number, values[i + 2] as number);
    total += (norm - 1) ** 2;
  }
  return total / (values.length / 3);
}

describe('gradientPenalty', () => {
  it('is the mean squared distance of the pixels’ norms from 1', () => {
    expect(gradientPenalty(tensor4d([3, 0, 4, 0, 1, 0], [1, 1, 2, 3])).dataSync()[0]).toBe(8);
    const g = random<Tensor4D>([1, 7, 5, 3], 1);
    expectClose(gradientPenalty(g).dataSync(), [penalty64(g.dataSync())], 1e-6);
  });

  it('has the derivative found by differences', () => {
    const g = random<Tensor4D>([1, 4, 3, 3], 2);
    const values = Float64Array.from(g.dataSync());
    const expected = values.map(
      (value, i) => (penalty64(values.with(i, value + 1e-6)) - penalty64(values.with(i, value - 1e-6))) / 2e-6,
    );
    expectClose(grad((x) => gradientPenalty(x as Tensor4D))(g).dataSync(), expected, 1e-5);
  });

  it('has derivative 0 where the gradient is 0, and a finite one just beside', () => {
    const g = tensor4d([0, 0, 0, 1e-20, 0, 0], [1, 1, 2, 3]);
    const values = grad((x) => gradientPenalty(x as Tensor4D))(g).dataSync();
    expect([...values.slice(0, 3)].map(Math.abs)).toEqual([0, 0, 0]);
    expect([...values].every(Number.isFinite)).toBe(true);
  });

  it('leaves no tensor behind', () => {
    const g = random<Tensor4D>([1, 4, 3, 3], 2);
    expectNoLeak(() => tidy(() => void grad((x) => gradientPenalty(x as Tensor4D))(g)));
  });
});
