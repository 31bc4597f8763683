import { AppError } from '@singan/domain';
import { Matrix } from 'ml-matrix';
import type { FeatureMap } from './inception-net.ts';

/** Mean and covariance of feature vectors, in float64. */
export interface FeatureGaussian {
  /** [channels] */
  readonly mean: Float64Array;
  /** channels x channels, symmetric. */
  readonly covariance: Matrix;
}

/**
 * mu = mean f, Sigma = sum (f - mu)(f - mu)' / (n - 1) over the n locations of a feature map.
 * @throws AppError `internal` for fewer than two locations, which have no covariance
 */
export function featureGaussian({ locations, channels, values }: FeatureMap): FeatureGaussian {
  if (locations < 2) throw new AppError('internal', `expected features at 2 locations or more, got ${locations}`);
  const mean = new Float64Array(channels);
  for (let at = 0; at < values.length; at += 1) mean[at % channels] = (mean[at % channels] ?? 0) + (values[at] ?? 0);
  for (let channel = 0; channel < channels; channel += 1) mean[channel] = (mean[channel] ?? 0) / locations;
  const products = sumOfProducts(values, mean);
  return { mean, covariance: Matrix.from1DArray(channels, channels, products).div(locations - 1) };
}

/** Sum over locations of (f - mean)(f - mean)', row-major. Only the lower half is summed: this is where the time goes. */
function sumOfProducts(values: Float32Array, mean: Float64Array): Float64Array {
  const channels = mean.length;
  const products = new Float64Array(channels * channels);
  const centred = new Float64Array(channels);
  for (let start = 0; start < values.length; start += channels) {
    for (let i = 0; i < channels; i += 1) centred[i] = (values[start + i] as number) - (mean[i] as number);
    for (let i = 0; i < channels; i += 1) {
      const factor = centred[i] as number;
      const row = i * channels;
      for (let j = 0; j <= i; j += 1) {
        products[row + j] = (products[row + j] as number) + factor * (centred[j] as number);
      }
    }
  }
  for (let i = 0; i < channels; i += 1) {
    for (let j = i + 1; j < channels; j += 1) products[i * channels + j] = products[j * channels + i] as number;
  }
  return products;
}
