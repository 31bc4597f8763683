import type { ReconstructionNoise } from '@singan/contracts';
import { describe, expect, it } from 'vitest';
import { initialWeights, startArrays } from './initial-weights.ts';
import { requireArray } from './named-arrays.ts';
import { normalValues } from './noise.ts';
import type { ScaleState } from './scale-state.ts';

const LEVEL = { width: 40, height: 30, channels: 32, iterations: 1 };

function moments(data: Float32Array): { mean: number; deviation: number } {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('initial weights', () => {
  const net = initialWeights({ role: 'generator', channels: 32, seed: 1, scale: 0 });
  const of = (name: string) => requireArray(net, `generator.${name}`).data;

  it('are distributed as the method says', () => {
    const weight = moments(of('block2.weight'));
    expect(weight.mean).toBeCloseTo(0, 2);
    expect(weight.deviation).toBeCloseTo(0.02, 2.5);
    const gamma = moments(of('block2.gamma'));
    expect(Math.abs(gamma.mean - 1)).toBeLessThan(0.02);
    expect(gamma.deviation).toBeLessThan(0.04);
    expect([...of('block3.beta')]).toEqual(new Array(32).fill(0));
    expect([...of('block4.runningMean')]).toEqual(new Array(32).fill(0));
    expect([...of('block4.runningVariance')]).toEqual(new Array(32).fill(1));
    const bound = 1 / Math.sqrt(9 * 32);
    expect(of('block5.bias').every((value) => Math.abs(value) <= bound && value !== 0)).toBe(true);
  });

  it('differ between layers, nets, scales and seeds, and not between calls', () => {
    const options = { role: 'generator', channels: 32, seed: 1, scale: 0 } as const;
    const first = (o: Partial<typeof options> | { role: 'discriminator' }) => {
      const arrays = initialWeights({ ...options, ...o });
      return [...arrays.values()][0]?.data.slice(0, 8);
    };
    expect(first({})).toEqual(first({}));
    expect(of('block2.weight').slice(0, 8)).not.toEqual(of('block3.weight').slice(0, 8));
    for (const other of [{ role: 'discriminator' }, { scale: 1 }, { seed: 2 }] as const) {
      expect(first(other as never)).not.toEqual(first({}));
    }
  });
});

describe('the start of a scale', () => {
  const before = { channels: 32, arrays: initialWeights({ role: 'generator', channels: 32, seed: 1, scale: 0 }) };

  it('copies the scale before when the channels are equal', () => {
    expect(startArrays({ seed: 1, scale: 1, level: LEVEL, before: before as unknown as ScaleState })).toBe(
      before.arrays,
    );
  });

  it('is fresh when the channels differ', () => {
    const level = { ...LEVEL, channels: 16 };
    const arrays = startArrays({ seed: 1, scale: 1, level, before: before as unknown as ScaleState });
    expect(requireArray(arrays, 'discriminator.block2.weight').shape).toEqual([3, 3, 16, 16]);
    expect(arrays.has('reconstructionNoise')).toBe(false);
  });

  it('draws one channel of z* at the coarsest scale', () => {
    const noise = requireArray(startArrays({ seed: 1, scale: 0, level: LEVEL, before: null }), 'reconstructionNoise');
    expect(noise.shape).toEqual([1, 30, 40, 1]);
    expect(moments(noise.data).deviation).toBeCloseTo(1, 1);
  });

  it('has the z* of the last iteration where it is redrawn', () => {
    const noiseOf = (reconstructionNoise: ReconstructionNoise, iterations: number) => {
      const start = { seed: 1, scale: 0, level: { ...LEVEL, iterations }, reconstructionNoise, before: null };
      return requireArray(startArrays(start), 'reconstructionNoise').data;
    };
    expect(noiseOf('fixed', 9)).toEqual(noiseOf('fixed', 5));
    expect(noiseOf('redrawn', 9)).not.toEqual(noiseOf('redrawn', 5));
    const last = { seed: 1, purpose: 'reconstruction', scale: 0, iteration: 8 } as const;
    expect(noiseOf('redrawn', 9)).toEqual(normalValues(30 * 40, last));
  });
});
