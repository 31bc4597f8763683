import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { composeInput } from './generator.ts';
import { MARGIN } from './net-layout.ts';
import { normalNoise } from './noise.ts';
import { noiseShape } from './noise-shape.ts';

const SIZE = { width: 6, height: 4 };

function energy(x: tf.Tensor): number {
  return Array.from(x.dataSync()).reduce((sum, value) => sum + value ** 2, 0);
}

describe.each(ENGINES)('the input of a generator on %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });

  /** Sums of squares inside and outside of the picture, and the shape. */
  function energies(padding: 'zero' | 'noise', scale: number) {
    const noise = normalNoise(noiseShape({ scale, size: SIZE, padding }), { seed: 1, purpose: 'sample', scale });
    const previous = tf.fill([1, SIZE.height, SIZE.width, 3], 0.5) as tf.Tensor4D;
    const { padded } = composeInput({ noise, noiseAmplitude: 0.1, previous, padding });
    const inner = tf.slice(padded, [0, MARGIN, MARGIN, 0], [1, SIZE.height, SIZE.width, 3]);
    const [inside, all] = [energy(inner), energy(padded)];
    tf.dispose([noise, previous, padded, inner]);
    return { inside, outside: all - inside, shape: padded.shape };
  }

  it.each([0, 1])('is surrounded by zeros, or by noise of the same amplitude, at scale %i', (scale) => {
    const [zero, noise] = [energies('zero', scale), energies('noise', scale)];
    expect(zero.shape).toEqual([1, 14, 16, 3]);
    expect(noise.shape).toEqual(zero.shape);
    expect(Math.abs(zero.outside)).toBeLessThan(1e-9);
    const outsideValues = (14 * 16 - SIZE.width * SIZE.height) * 3;
    expect(noise.outside / outsideValues).toBeGreaterThan(0.005);
    expect(noise.outside / outsideValues).toBeLessThan(0.02);
    expect(zero.inside).toBeGreaterThan(0.25 * SIZE.width * SIZE.height * 3 * 0.5);
    expect(noise.inside).toBeGreaterThan(0.25 * SIZE.width * SIZE.height * 3 * 0.5);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    energies('noise', 1);
    energies('zero', 0);
    expect(tf.memory().numTensors).toBe(before);
  });
});
