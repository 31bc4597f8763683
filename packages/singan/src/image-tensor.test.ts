import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { resizeImage, toImage } from './image-tensor.ts';
import { testImage } from './tiny-training.fixture.ts';

describe.each(ENGINES)('resizeImage on %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });

  it('keeps an image of the right size', () => {
    const image = testImage({ width: 17, height: 9 });
    const same = resizeImage(image, { width: 17, height: 9 });
    for (const [i, value] of same.data.entries()) expect(value).toBeCloseTo(image.data[i] ?? Number.NaN, 5);
  });

  it('keeps a flat colour when shrinking and when enlarging', () => {
    const image = {
      width: 20,
      height: 12,
      data: new Float32Array(20 * 12 * 3).map((_, i) => [0.25, -0.5, 1][i % 3] ?? 0),
    };
    for (const size of [
      { width: 7, height: 5 },
      { width: 31, height: 40 },
    ]) {
      const { width, height, data } = resizeImage(image, size);
      expect({ width, height }).toEqual(size);
      for (const [i, value] of data.entries()) expect(value).toBeCloseTo([0.25, -0.5, 1][i % 3] ?? Number.NaN, 5);
    }
  });

  it('clamps before and after', () => {
    const data = new Float32Array(16 * 16 * 3).map((_, i) => (Math.floor(i / 3) % 16 < 8 ? -5 : 5));
    const { data: resized } = resizeImage({ width: 16, height: 16, data }, { width: 40, height: 40 });
    expect(Math.min(...resized)).toBe(-1);
    expect(Math.max(...resized)).toBe(1);
  });

  it('refuses data that do not fit the size', () => {
    const image = { width: 4, height: 4, data: new Float32Array(16) };
    expect(() => resizeImage(image, { width: 2, height: 2 })).toThrow(/expected 48 values/);
  });

  it('leaves no tensor behind', () => {
    const image = testImage({ width: 17, height: 9 });
    const before = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) resizeImage(image, { width: 10 + i, height: 12 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reads images back clamped, and lets NaN be seen', () => {
    const tensor = tf.tensor4d([2, -2, Number.NaN], [1, 1, 1, 3]);
    expect([...toImage(tensor).data]).toEqual([1, -1, Number.NaN]);
    tensor.dispose();
  });
});
