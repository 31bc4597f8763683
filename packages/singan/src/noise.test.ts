import { startEngine } from '@singan/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { type NoiseKey, normalNoise, normalValues } from './noise.ts';

const KEY: Required<NoiseKey> = { seed: 1, purpose: 'training', scale: 2, level: 3, iteration: 4, step: 5 };

describe('noise', () => {
  beforeAll(async () => {
    await startEngine('wasm');
  });

  it('is the same for the same key, whatever was drawn in between', () => {
    const first = normalValues(100, KEY);
    normalValues(7, { ...KEY, seed: 2 });
    expect(normalValues(100, KEY)).toEqual(first);
  });

  it('differs when any part of the key does', () => {
    const changes: Array<Partial<NoiseKey>> = [
      { seed: 2 },
      { purpose: 'previous' },
      { scale: 3 },
      { level: 2 },
      { iteration: 5 },
      { step: 4 },
      // Neither part may run over into its neighbour.
      { scale: 3, level: 2 },
      { iteration: 5, step: 4 },
    ];
    const draws = [{}, ...changes].map((change) => normalValues(4, { ...KEY, ...change }).join());
    expect(new Set(draws).size).toBe(draws.length);
  });

  it('is the same on the backend as in host memory', () => {
    const tensor = normalNoise([1, 5, 4, 3], KEY);
    expect(tensor.shape).toEqual([1, 5, 4, 3]);
    const host = normalValues(60, KEY);
    for (const [i, value] of tensor.dataSync().entries()) expect(value).toBeCloseTo(host[i] ?? Number.NaN, 5);
    tensor.dispose();
  });
});
