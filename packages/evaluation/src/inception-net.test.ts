import { startEngine } from '@singan/engine';
import { hasSifid } from '@singan/plan';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDefaultWeights } from './default-weights.ts';
import { ENGINES } from './engines.fixture.ts';
import { featureGaussian } from './feature-gaussian.ts';
import { frechetDistance, frechetReference } from './frechet-distance.ts';
import { type FeatureMap, InceptionNet } from './inception-net.ts';
import { texture } from './pictures.fixture.ts';

const SIZE = { width: 101, height: 88 };

/** Of the same picture and weights, by PyTorch in float64: numpy's view of the features, and sums that every value enters. */
const REFERENCE = {
  conv2d_2b: {
    locations: 1968,
    channels: 64,
    sum: 98531.02517727687,
    squares: 305743.02514638903,
    weighted: 295397.46239459317,
    last: [0.30414787, 0, 2.26166637, 0],
  },
  conv2d_4a: {
    locations: 378,
    channels: 192,
    sum: 60125.47689602486,
    squares: 208643.6724757314,
    weighted: 180719.65016058658,
    last: [2.03006662, 0, 0, 1.0816248],
  },
} as const;

/** The SIFID of the two textures, by PyTorch, NumPy and SciPy. */
const SIFID = { conv2d_2b: 1.295114889981619, conv2d_4a: 13.852435776463324 } as const;

const LAYERS = ['conv2d_2b', 'conv2d_4a'] as const;

describe.each(ENGINES)('Inception-v3 on %s', (engine) => {
  let net: InceptionNet;
  beforeAll(async () => {
    await startEngine(engine);
    net = new InceptionNet(await loadDefaultWeights());
  });
  afterAll(() => net.dispose());

  it('has the features that PyTorch has, at both layers', () => {
    const maps = net.features(texture(SIZE));
    for (const layer of LAYERS) {
      const { locations, channels, sum, squares, weighted, last } = REFERENCE[layer];
      const map = maps[layer] as FeatureMap;
      expect(map).toMatchObject({ locations, channels });
      const values = Array.from(map.values);
      const total = (term: (value: number, at: number) => number) =>
        values.reduce((all, value, at) => all + term(value, at), 0);
      expect(total((value) => value) / sum).toBeCloseTo(1, 5);
      expect(total((value) => value * value) / squares).toBeCloseTo(1, 5);
      expect(total((value, at) => value * (at % 7)) / weighted).toBeCloseTo(1, 5);
      for (const [at, value] of last.entries()) expect(values.at(at - 4)).toBeCloseTo(value, 4);
    }
  });

  it('gives the SIFID that PyTorch, NumPy and SciPy give', () => {
    const [real, other] = [net.features(texture(SIZE)), net.features(texture(SIZE, 1))];
    for (const layer of LAYERS) {
      const reference = frechetReference(featureGaussian(real[layer] as FeatureMap));
      const distance = frechetDistance(reference, featureGaussian(other[layer] as FeatureMap));
      expect(distance / SIFID[layer]).toBeCloseTo(1, 4);
    }
  });

  it.each([
    [6, 40],
    [8, 8],
    [7, 9],
    [9, 7],
    [18, 60],
    [22, 22],
    [19, 23],
    [23, 19],
  ])('has features of a picture of %d x %d px just where they have a covariance', (width, height) => {
    const before = tf.memory().numTensors;
    const maps = net.features(texture({ width, height }));
    for (const layer of LAYERS) {
      expect(maps[layer] !== null).toBe(hasSifid({ width, height }, layer));
      expect(maps[layer]?.locations ?? 2).toBeGreaterThanOrEqual(2);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the tensors of Inception-v3', () => {
  it('are gone when it is disposed', async () => {
    await startEngine('cpu');
    const before = tf.memory().numTensors;
    const net = new InceptionNet(await loadDefaultWeights());
    expect(tf.memory().numTensors).toBe(before + 10);
    net.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
