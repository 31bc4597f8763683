import { grad, mul, sum, type Tensor4D, tensor4d, tidy, unstack } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { resize } from './resize.ts';
import { resizeWeights } from './resize-weights.ts';
import { expectClose, expectNoLeak, random, startComposedOnCpu } from './test-support.ts';
import { transposedResizeWeights } from './transposed-resize-weights.ts';

beforeAll(startComposedOnCpu);

/** The definition read off directly: every sample of the infinitely mirrored line, weighted by the stretched kernel. */
function resizeLine(line: readonly number[], output: number): number[] {
  const ratio = line.length / output;
  const stretch = Math.max(1, ratio);
  const mirrored = (k: number): number => {
    if (k < 0) return mirrored(-1 - k);
    return k < line.length ? (line[k] as number) : mirrored(2 * line.length - 1 - k);
  };
  return Array.from({ length: output }, (_, i) => {
    const center = (i + 0.5) * ratio - 0.5;
    let [total, weights] = [0, 0];
    for (let k = Math.floor(center - 3 * stretch); k <= center + 3 * stretch; k++) {
      const d = Math.abs(k - center) / stretch;
      const near = 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
      const far = -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
      const weight = d <= 1 ? near : d <= 2 ? far : 0;
      total += weight * mirrored(k);
      weights += weight;
    }
    return total / weights;
  });
}

type Plane = readonly (readonly number[])[];

const transpose = (plane: Plane): number[][] => (plane[0] ?? []).map((_, j) => plane.map((row) => row[j] as number));

/** Channel by channel, along the rows, then along the columns. */
function resizeOracle(image: Tensor4D, height: number, width: number): number[] {
  const channels = unstack(image, 3).map((channel) => (channel.arraySync() as number[][][])[0] as Plane);
  const resized = channels.map((plane) => {
    const wide = plane.map((row) => resizeLine(row, width));
    return transpose(transpose(wide).map((column) => resizeLine(column, height)));
  });
  return Array.from({ length: height * width }, (_, pixel) =>
    resized.map((plane) => plane[Math.floor(pixel / width)]?.[pixel % width] as number),
  ).flat();
}

const sizes = fc.record({ input: fc.integer({ min: 1, max: 40 }), output: fc.integer({ min: 1, max: 40 }) });

describe('resize', () => {
  it.each([
    { from: [7, 9], to: [11, 5] },
    { from: [20, 13], to: [6, 31] },
    { from: [3, 2], to: [17, 1] },
    { from: [8, 8], to: [8, 8] },
  ])('takes $from to $to as its definition says', ({ from, to }) => {
    const image = random<Tensor4D>([1, ...from, 3], 1);
    const [height, width] = to as [number, number];
    const actual = resize(image, { height, width });
    expect(actual.shape).toEqual([1, height, width, 3]);
    expectClose(actual.dataSync(), resizeOracle(image, height, width), 1e-5);
  });

  it('keeps an image of its own size, and a constant at any size', () => {
    const image = random<Tensor4D>([1, 6, 5, 2], 2);
    expectClose(resize(image, { height: 6, width: 5 }).dataSync(), image.dataSync(), 1e-6);
    const constant = resize(tensor4d(new Float32Array(60).fill(0.7), [1, 6, 5, 2]), { height: 17, width: 2 });
    expectClose(constant.dataSync(), new Float32Array(68).fill(0.7), 1e-6);
  });

  it('has the adjoint map as its gradient', () => {
    const [x, cotangent] = [random<Tensor4D>([1, 9, 7, 2], 3), random<Tensor4D>([1, 5, 12, 2], 4)];
    const y = resize(x, { height: 5, width: 12 });
    const dx = grad((input) => sum(mul(resize(input as Tensor4D, { height: 5, width: 12 }), cotangent)))(x);
    const [left, right] = [sum(mul(y, cotangent)).dataSync(), sum(mul(dx, x)).dataSync()];
    expectClose(left, right, 1e-5);
  });

  it('leaves no tensor behind', () => {
    const x = random<Tensor4D>([1, 6, 5, 3], 2);
    expectNoLeak(() => resize(x, { height: 9, width: 4 }).dispose());
    expectNoLeak(() => tidy(() => void grad((input) => sum(resize(input as Tensor4D, { height: 3, width: 9 })))(x)));
  });

  it('refuses a size that is not of positive integers', () => {
    expect(() => resize(random<Tensor4D>([1, 6, 5, 3], 2), { height: 0, width: 2.5 })).toThrow(/got 2.5 x 0/);
  });
});

describe('resizeWeights', () => {
  it('has rows that sum to 1, and taps that add up to the matrix', () => {
    fc.assert(
      fc.property(sizes, ({ input, output }) => {
        const { matrix, positions, values, taps } = resizeWeights(input, output);
        const fromTaps = new Float64Array(output * input);
        values.forEach((value, i) => {
          const cell = Math.floor(i / taps) * input + (positions[i] as number);
          fromTaps[cell] = (fromTaps[cell] as number) + value;
        });
        expectClose(matrix, fromTaps, 1e-6);
        const sums = Array.from({ length: output }, (_, i) =>
          matrix.subarray(i * input, (i + 1) * input).reduce((a, b) => a + b),
        );
        expectClose(sums, new Array(output).fill(1), 1e-6);
      }),
    );
  });

  it('transposed are the columns of the matrix, with no more taps than the fullest of them has', () => {
    fc.assert(
      fc.property(sizes, ({ input, output }) => {
        const { matrix } = resizeWeights(input, output);
        const { positions, values, taps } = transposedResizeWeights(input, output);
        const fromTaps = new Float64Array(output * input);
        values.forEach((value, i) => {
          const cell = (positions[i] as number) * input + Math.floor(i / taps);
          fromTaps[cell] = (fromTaps[cell] as number) + value;
        });
        expect(Float32Array.from(fromTaps)).toEqual(matrix);
        expect(values.length).toBe(input * taps);
      }),
    );
  });

  it('treats both ends of a line alike', () => {
    fc.assert(
      fc.property(sizes, ({ input, output }) => {
        const { matrix } = resizeWeights(input, output);
        expectClose(matrix, Float32Array.from(matrix).reverse(), 1e-5);
      }),
    );
  });
});
