import { type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { conv } from './conv.ts';
import { convolve, filterOf, forEachProduct, imageOf } from './float64-oracle.ts';
import { convFilterGradKernel } from './kernels/conv-filter-grad.ts';
import { convInputGradKernel } from './kernels/conv-input-grad.ts';
import { expectClose, expectNoLeak, random, startComposedOnCpu } from './test-support.ts';

beforeAll(startComposedOnCpu);

const CASES = [
  { height: 3, width: 3, channelsIn: 1, channelsOut: 1 },
  { height: 7, width: 5, channelsIn: 3, channelsOut: 4 },
  { height: 4, width: 11, channelsIn: 5, channelsOut: 3 },
];

describe.each(CASES)('conv of $height x $width, $channelsIn to $channelsOut channels', (shape) => {
  const { height, width, channelsIn, channelsOut } = shape;
  const extent = { height, width, channels: channelsIn };

  it('and its two gradients are the sums of their definitions', () => {
    const x = random<Tensor4D>([1, height, width, channelsIn], 1);
    const weight = random<Tensor4D>([3, 3, channelsIn, channelsOut], 2);
    const dConvolved = random<Tensor4D>([1, height - 2, width - 2, channelsOut], 3);
    const [xs, weights, cotangents] = [x.dataSync(), weight.dataSync(), dConvolved.dataSync()];
    const dx = new Float64Array(x.size);
    const dWeight = new Float64Array(weight.size);
    forEachProduct(extent, channelsOut, (a, b, c) => {
      dx[a] = (dx[a] as number) + (weights[b] as number) * (cotangents[c] as number);
      dWeight[b] = (dWeight[b] as number) + (xs[a] as number) * (cotangents[c] as number);
    });
    expectClose(conv({ x, weight }).dataSync(), convolve(imageOf(x), filterOf(weight)).values, 1e-5);
    expectClose(convInputGradKernel.run({ dConvolved, weight }, {}).dataSync(), dx, 1e-5);
    expectClose(convFilterGradKernel.run({ x, dConvolved }, {}).dataSync(), dWeight, 1e-5);
  });
});

describe('conv', () => {
  it('leaves no tensor behind', () => {
    const [x, weight] = [random<Tensor4D>([1, 6, 7, 2], 1), random<Tensor4D>([3, 3, 2, 3], 2)];
    const dConvolved = random<Tensor4D>([1, 4, 5, 3], 3);
    expectNoLeak(() => conv({ x, weight }).dispose());
    expectNoLeak(() => convInputGradKernel.run({ dConvolved, weight }, {}).dispose());
    expectNoLeak(() => tidy(() => void convFilterGradKernel.run({ x, dConvolved }, {})));
  });

  it('refuses an image smaller than the filter', () => {
    const [x, weight] = [random<Tensor4D>([1, 2, 7, 2], 1), random<Tensor4D>([3, 3, 2, 3], 2)];
    expect(() => conv({ x, weight })).toThrow(/H, W >= 3.*\[1,2,7,2\]/);
  });
});
