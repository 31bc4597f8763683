import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { type FeatureGaussian, featureGaussian } from './feature-gaussian.ts';
import { frechetDistance, frechetReference } from './frechet-distance.ts';
import type { FeatureMap } from './inception-net.ts';
import { lcg } from './pictures.fixture.ts';

function distance(a: FeatureGaussian, b: FeatureGaussian): number {
  return frechetDistance(frechetReference(a), b);
}

function features(values: readonly number[], channels: number): FeatureMap {
  return { locations: values.length / channels, channels, values: Float32Array.from(values) };
}

/** 50 locations of 6 channels that hang together. */
function mixed(seed: number, shift: number): FeatureMap {
  const product = Matrix.from1DArray(50, 6, lcg(300, seed)).mmul(Matrix.from1DArray(6, 6, lcg(36, seed + 1)));
  return features(product.add(shift).to1DArray(), 6);
}

describe('the Fréchet distance', () => {
  test('of Gaussians with diagonal covariances is the sum over the channels of (mu - mu*)^2 + (sigma - sigma*)^2', () => {
    const one = { mean: Float64Array.of(1, -2, 0), covariance: Matrix.diag([4, 9, 0]) };
    const other = { mean: Float64Array.of(4, -2, 1), covariance: Matrix.diag([1, 25, 16]) };
    expect(distance(one, other)).toBeCloseTo(9 + 1 + 1 + 4 + 16, 10);
  });

  test('of Gaussians whose covariances commute is that of their eigenvalues', () => {
    // Both are diagonal in a basis turned by 30 degrees: 9, 1 and 4, 25.
    const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const turn = new Matrix([
      [cos, -sin],
      [sin, cos],
    ]);
    const turned = (values: number[]) => turn.mmul(Matrix.diag(values)).mmul(turn.transpose());
    const mean = Float64Array.of(0, 0);
    const result = distance({ mean, covariance: turned([9, 1]) }, { mean, covariance: turned([4, 25]) });
    expect(result).toBeCloseTo((3 - 2) ** 2 + (1 - 5) ** 2, 10);
  });

  test('is that of NumPy and SciPy (scipy.linalg.sqrtm of the product of the covariances)', () => {
    expect(distance(featureGaussian(mixed(1, 0)), featureGaussian(mixed(5, 0.25)))).toBeCloseTo(2.2189573700759597, 6);
  });

  test('is symmetric, never below 0 and 0 for equal features, also where a covariance is singular', () => {
    const map = fc
      .record({ channels: fc.constant(5), locations: fc.integer({ min: 2, max: 12 }) })
      .chain(({ channels, locations }) => {
        const size = channels * locations;
        const value = fc.float({ min: 0, max: 100, noNaN: true, noDefaultInfinity: true });
        return fc.array(value, { minLength: size, maxLength: size }).map((values) => features(values, channels));
      });
    fc.assert(
      fc.property(map, map, (a, b) => {
        const [one, other] = [featureGaussian(a), featureGaussian(b)];
        const size = one.covariance.trace() + other.covariance.trace() + 1;
        const result = distance(one, other);
        expect(result).toBeGreaterThanOrEqual(0);
        expect(Math.abs(result - distance(other, one))).toBeLessThan(1e-6 * size);
        expect(distance(one, one)).toBeLessThan(1e-6 * size);
      }),
    );
  });
});

describe('the Gaussian of features', () => {
  test('has the mean and the unbiased covariance over the locations', () => {
    const { mean, covariance } = featureGaussian(features([1, 10, 2, 20, 6, 0], 2));
    expect([...mean]).toEqual([3, 10]);
    expect(covariance.to2DArray()).toEqual([
      [7, -20],
      [-20, 100],
    ]);
  });

  test('is refused for one location', () => {
    expect(() => featureGaussian(features([1, 2, 3], 3))).toThrow('2 locations or more, got 1');
  });
});
