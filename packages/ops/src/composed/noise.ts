import { tensor, util } from '@tensorflow/tfjs-core';
import type { noiseKernel } from '../kernels/noise.ts';
import { philoxNormal } from '../philox.ts';
import type { ComposedOf } from './composed-of.ts';

export const composedNoise: ComposedOf<typeof noiseKernel> = (_inputs, { shape, ...key }) =>
  tensor(philoxNormal(util.sizeFromShape([...shape]), key), [...shape]);
