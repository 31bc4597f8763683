import { philoxNormal } from '@singan/ops';
import { setBackend, type Tensor, type Tensor4D, tensor, tidy, util } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Normal values, the same for the same number. */
export function random<T extends Tensor = Tensor4D>(shape: number[], number: number, scale = 1, average = 0): T {
  const values = philoxNormal(util.sizeFromShape(shape), { seed: 30, stream: 0, counter: [number, 0] });
  return tensor(
    values.map((value) => average + scale * value),
    shape,
  ) as T;
}

/** The values a computation gives on an engine. */
export async function valuesOn(name: 'cpu' | 'native', compute: () => Tensor[]): Promise<Float32Array[]> {
  await setBackend(name);
  return tidy(() => compute().map((t) => Float32Array.from(t.dataSync())));
}

/** The native kernels and the ones of the cpu engine agree within `tolerance` of each result's norm. */
export async function expectAgreement(compute: () => Tensor[], tolerance = 1e-5): Promise<void> {
  const expected = await valuesOn('cpu', compute);
  const actual = await valuesOn('native', compute);
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  for (const [i, values] of expected.entries()) {
    const difference = Math.hypot(...values.map((value, k) => value - (actual[i]?.[k] as number)));
    expect(difference, `result ${i}`).toBeLessThanOrEqual(tolerance * Math.hypot(...values));
  }
}
