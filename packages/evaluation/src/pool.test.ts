import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { everySecond, maxPool } from './pool.ts';

const SIZES = [
  [3, 3],
  [4, 7],
  [8, 9],
  [11, 6],
] as const;

function ramp(height: number, width: number): tf.Tensor4D {
  const values = Float32Array.from({ length: height * width * 2 }, (_, at) => ((at * 37) % 101) - 50);
  return tf.tensor4d(values, [1, height, width, 2]);
}

describe.each(ENGINES)('pooling on %s', (engine) => {
  beforeAll(async () => void (await startEngine(engine)));

  it.each(SIZES)('of %d x %d px takes what the stock op takes, and leaves nothing behind', async (height, width) => {
    const x = ramp(height, width);
    const before = tf.memory().numTensors;
    const [pooled, halved] = [maxPool(x), everySecond(x)];
    expect(tf.memory().numTensors).toBe(before + 2);
    const stock = tf.tidy(() => tf.maxPool(x, 3, 2, 'valid'));
    expect(pooled.shape).toEqual(stock.shape);
    expect(await pooled.array()).toEqual(await stock.array());
    const rows = (await x.array())[0]?.filter((_, y) => y % 2 === 0).map((row) => row.filter((_, at) => at % 2 === 0));
    expect((await halved.array())[0]).toEqual(rows);
    tf.dispose([x, pooled, halved, stock]);
  });
});
