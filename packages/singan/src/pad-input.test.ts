import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { padInput } from './pad-input.ts';

beforeAll(() => startEngine('cpu'));

/** Pixel (y, x) has the value 100 y + x. */
function numbered(height: number, width: number): tf.Tensor4D {
  const values = Array.from({ length: height * width }, (_, i) => 100 * Math.floor(i / width) + (i % width));
  return tf.tensor4d(values, [1, height, width, 1]);
}

/** Walks back and forth between the ends, one step at a time: nothing in common with the arithmetic under test. */
function bounce(steps: number, length: number): number {
  let [place, direction] = [0, 1];
  for (let i = 0; i < steps; i++) {
    if (place + direction < 0 || place + direction >= length) direction = -direction;
    if (length > 1) place += direction;
  }
  return place;
}

function around(steps: number, length: number): number {
  return ((((steps % length) + length) % length) + length) % length;
}

describe('padding of an input', () => {
  const side = fc.integer({ min: 1, max: 9 });

  it.each(['circular', 'reflect'] as const)('%s goes on beyond every edge, however small the image', (padding) => {
    const place = (i: number, length: number) =>
      padding === 'circular' ? around(i, length) : bounce(Math.abs(i), length);
    fc.assert(
      fc.property(side, side, (height, width) => {
        const padded = tf.tidy(() => padInput(numbered(height, width), padding).arraySync()) as number[][][][];
        const got = padded[0]?.map((row) => row.map(([value]) => value));
        const expected = Array.from({ length: height + 10 }, (_, y) =>
          Array.from({ length: width + 10 }, (__, x) => 100 * place(y - 5, height) + place(x - 5, width)),
        );
        expect(got).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it.each(['zero', 'noise'] as const)('%s leaves zeros around the image', (padding) => {
    const padded = tf.tidy(() => padInput(tf.ones([1, 3, 4, 3]), padding).dataSync<'float32'>());
    expect(padded.length).toBe(13 * 14 * 3);
    expect(padded.reduce((sum, value) => sum + value, 0)).toBe(3 * 4 * 3);
  });

  it.each(['circular', 'reflect'] as const)('%s has the gradient of what it repeats', (padding) => {
    const x = numbered(4, 7);
    const weights = tf.randomNormal<tf.Rank.R4>([1, 14, 17, 1], 0, 1, 'float32', 3);
    // The padding is linear: the gradient of <w, pad(x)> dotted with any y is <w, pad(y)>.
    const gradient = tf.grad((t) => tf.sum(tf.mul(padInput(t as tf.Tensor4D, padding), weights)))(x);
    const dotted = tf.sum(tf.mul(gradient, x)).dataSync()[0] as number;
    const expected = tf.sum(tf.mul(padInput(x, padding), weights)).dataSync()[0] as number;
    expect(dotted / expected).toBeCloseTo(1, 5);
  });

  it('leaves no tensor behind', () => {
    const x = numbered(6, 5);
    const before = tf.memory().numTensors;
    for (const padding of ['zero', 'noise', 'circular', 'reflect'] as const) padInput(x, padding).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
