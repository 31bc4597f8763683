import { isNativeBuilt, startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { composeInput, generateTraining } from '../generator.ts';
import { initialWeights } from '../initial-weights.ts';
import { createNetPair, disposeNetPair, type NetPair } from '../net-pair.ts';
import type { NetStyle } from '../net-style.ts';
import { normalNoise } from '../noise.ts';
import { readRunningStatistics } from '../running-statistics.ts';
import { composedDiscriminatorGradients } from './composed-discriminator-gradients.ts';
import { composedGeneratorGradients } from './composed-generator-gradients.ts';
import { hasFusedGradients } from './fused-gradients.ts';
import { discriminatorGradients, generatorGradients } from './step-gradients.ts';

const TOLERANCE = 1e-4;

interface Case {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly seed: number;
}

function pairOf({ channels, seed }: Case, style: NetStyle): NetPair {
  const arrays = (['generator', 'discriminator'] as const).flatMap((role) => [
    ...initialWeights({ role, channels, seed, scale: 1 }),
  ]);
  return createNetPair(new Map(arrays), null, style);
}

/** Values of all that a way computes, the running statistics it fed included. */
function valuesOf(o: Case, style: NetStyle, compute: (pair: NetPair) => tf.Tensor[]): Float32Array[] {
  const pair = pairOf(o, style);
  const values = tf.tidy(() => compute(pair).map((tensor) => tensor.dataSync() as Float32Array));
  for (const { running } of [pair.discriminator, pair.generator]) {
    if (running) values.push(...[...readRunningStatistics(running).values()].map(({ data }) => data as Float32Array));
  }
  disposeNetPair(pair);
  return values;
}

function imagesOf({ height, width, seed }: Case) {
  const draw = (stream: number) =>
    normalNoise([1, height, width, 3], { seed: seed + stream, purpose: 'sample', scale: 0 });
  const [real, noise, previous] = [draw(1), draw(2), draw(3)];
  const input = composeInput({ noise, noiseAmplitude: 0.3, previous });
  const reconstructionInput = composeInput({ noise, noiseAmplitude: 0, previous });
  return { real, previous, input, reconstructionInput };
}

/** Largest distance of two lists of arrays, each over the norm of what is expected. */
function distance(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const distances = expected.map((values, index) => {
    const others = actual[index] as Float32Array;
    const error = Math.hypot(...values.map((value, i) => value - (others[i] ?? Number.NaN)));
    // What cancels, such as the gradient of D's last bias, has no norm to measure by.
    return error / Math.max(Math.hypot(...values), 1e-3);
  });
  return Math.max(...distances);
}

const CASES = fc.record({
  channels: fc.constantFrom(3, 8, 16, 32),
  height: fc.integer({ min: 11, max: 31 }),
  width: fc.integer({ min: 11, max: 31 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

const STYLES: NetStyle[] = [
  { normalization: 'batch', activation: 'leakyRelu' },
  { normalization: 'batch', activation: 'relu' },
  { normalization: 'instance', activation: 'leakyRelu' },
];

describe.runIf(isNativeBuilt())('a step in one call', () => {
  beforeAll(async () => {
    await startEngine('native');
  });

  it.each(STYLES)('has the losses, gradients and statistics of the composed one: %o', (style) => {
    fc.assert(
      fc.property(CASES, (o) => {
        const images = imagesOf(o);
        const mix = (o.seed % 10) / 10;
        const discriminatorOf = (of: typeof discriminatorGradients) =>
          valuesOf(o, style, ({ discriminator }) => {
            const fake = tf.add<tf.Tensor4D>(images.previous, 0.5);
            const { terms, gradients } = of({ discriminator, ...images, fake, mix, gradientPenaltyWeight: 0.1 });
            return [...Object.values(terms), ...gradients];
          });
        const generatorOf = (of: typeof generatorGradients) =>
          valuesOf(o, style, (pair) => {
            const { terms, gradients } = of({ ...pair, ...images, reconstructionWeight: 10 });
            return [...Object.values(terms), ...gradients];
          });
        const before = tf.memory().numTensors;
        expect(
          distance(discriminatorOf(discriminatorGradients), discriminatorOf(composedDiscriminatorGradients)),
        ).toBeLessThan(TOLERANCE);
        expect(distance(generatorOf(generatorGradients), generatorOf(composedGeneratorGradients))).toBeLessThan(
          TOLERANCE,
        );
        expect(tf.memory().numTensors).toBe(before);
        tf.dispose([images.real, images.previous, images.input.padded, images.reconstructionInput.padded]);
      }),
      { numRuns: 12 },
    );
  });

  it('is the same after a discriminator step that made the same image', () => {
    const o = { channels: 8, height: 17, width: 19, seed: 3 };
    const images = imagesOf(o);
    const generatorOf = (before: (pair: NetPair) => void) =>
      valuesOf(o, STYLES[2] as NetStyle, (pair) => {
        before(pair);
        const { terms, gradients } = generatorGradients({ ...pair, ...images, reconstructionWeight: 10 });
        return [...Object.values(terms), ...gradients];
      });
    const alone = generatorOf(() => {});
    expect(generatorOf(({ generator }) => generateTraining(generator, images.input))).toEqual(alone);
    // What was made of another input is not taken for this one's.
    expect(generatorOf(({ generator }) => generateTraining(generator, images.reconstructionInput))).toEqual(alone);
    tf.dispose([images.real, images.previous, images.input.padded, images.reconstructionInput.padded]);
  });

  it('is for nets that are made of convNet only', () => {
    const has = (style: NetStyle) => {
      const pair = pairOf({ channels: 4, height: 11, width: 11, seed: 1 }, style);
      const result = hasFusedGradients(pair.generator);
      disposeNetPair(pair);
      return result;
    };
    expect(STYLES.map(has)).toEqual([true, true, true]);
    expect(has({ normalization: 'batch', activation: 'elu' })).toBe(false);
  });
});
