import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { resizeClamped } from './image-tensor.ts';
import { normalNoise } from './noise.ts';
import { resizePeriodic } from './resize-periodic.ts';

beforeAll(() => startEngine('cpu'));

const picture = () => tf.mul(normalNoise([1, 12, 18, 3], { seed: 4, purpose: 'sample', scale: 0 }), 0.2) as tf.Tensor4D;

/** The image moved down and right, what leaves it coming in at the other side. */
function rolled(x: tf.Tensor4D, down: number, right: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  const [top, bottom] = tf.split(x, [height - down, down], 1) as [tf.Tensor4D, tf.Tensor4D];
  const moved = tf.concat([bottom, top], 1);
  const [left, rest] = tf.split(moved, [width - right, right], 2) as [tf.Tensor4D, tf.Tensor4D];
  return tf.concat([rest, left], 2);
}

const largest = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number;

describe('the resize of an image that repeats', () => {
  it('is the plain one away from the edges', () => {
    const inner = (x: tf.Tensor4D) => tf.slice(x, [0, 4, 4, 0], [1, 8, 16, 3]);
    const size = { width: 24, height: 16 };
    expect(largest(inner(resizePeriodic(picture(), size)), inner(resizeClamped(picture(), size)))).toBeLessThan(1e-6);
  });

  it.each([
    [{ width: 24, height: 16 }, 4, 8],
    [{ width: 9, height: 8 }, 2, 3],
  ])('to %o moves with the image, which the plain one does not at its edges', (size, down, right) => {
    const moved = rolled(picture(), (down * 12) / size.height, (right * 18) / size.width);
    expect(largest(resizePeriodic(moved, size), rolled(resizePeriodic(picture(), size), down, right))).toBeLessThan(
      1e-6,
    );
    expect(largest(resizeClamped(moved, size), rolled(resizeClamped(picture(), size), down, right))).toBeGreaterThan(
      1e-3,
    );
  });
});
