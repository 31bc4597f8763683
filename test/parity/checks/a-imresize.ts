import { resizeImage } from '@singan/singan';
import { type GoldenArray, imageOf, valuesOf } from '../support/golden-array.ts';
import { expectClose, type GoldenCheck } from '../support/golden-check.ts';

interface ImresizeCase {
  readonly kind: 'imresize' | 'imresize_to_shape';
  readonly scale?: number;
  readonly out_hw: readonly [number, number];
  readonly output: GoldenArray;
}

interface ImresizeGolden {
  readonly quantised_input_u8_HWC: GoldenArray;
  readonly cases: readonly ImresizeCase[];
}

/**
 * The reference's resize, which truncates its input to 8 bits, mirrors wrongly at the top and left border, and with a factor
 * keeps the factor where ours takes the ratio of the sizes; the height decides for both axes whether to antialias. Ours is given
 * the truncated input and compared where the two definitions agree: in cases whose factor is that ratio and whose axes both
 * shrink or both grow, and there where no pixel beyond the top and left border is seen.
 */
export const check: GoldenCheck = {
  prefix: 'a_imresize',
  needsEngine: true,
  run(golden) {
    const { quantised_input_u8_HWC: input, cases } = golden as ImresizeGolden;
    const [height = 0, width = 0] = input.shape;
    const data = Float32Array.from(valuesOf(input), (level) => (level / 255 - 0.5) * 2);
    const comparable = cases.filter(
      (one) => isRatioOfSizes(one, { width, height }) && isOneWay(one, { width, height }),
    );
    for (const one of comparable) checkCase({ width, height, data }, one);
    return comparable.length > 0 ? undefined : 'no case that both definitions have in common';
  },
};

function isRatioOfSizes({ kind, scale = 1, out_hw }: ImresizeCase, input: { width: number; height: number }): boolean {
  if (kind === 'imresize_to_shape') return true;
  const [height, width] = out_hw;
  return Math.abs(height - input.height * scale) < 1e-9 && Math.abs(width - input.width * scale) < 1e-9;
}

function isOneWay({ out_hw }: ImresizeCase, input: { width: number; height: number }): boolean {
  const [height, width] = out_hw;
  return height < input.height === width < input.width;
}

function checkCase(
  image: { width: number; height: number; data: Float32Array },
  { out_hw, output, kind }: ImresizeCase,
): void {
  const [height, width] = out_hw;
  const got = resizeImage(image, { width, height }).data;
  const expected = imageOf(output).data;
  const top = firstInside(image.height, height);
  const left = firstInside(image.width, width);
  const isInside = (_: number, i: number) => Math.floor(i / 3 / width) >= top && Math.floor(i / 3) % width >= left;
  const what = `${kind} to ${width}x${height}`;
  expectClose(what, got.filter(isInside), { expected: expected.filter(isInside), tolerance: 1e-5 });
}

/** First output position that sees no pixel before the first: the kernel reaches 2 px, stretched when shrinking. */
function firstInside(input: number, output: number): number {
  const reach = 2 * Math.max(1, input / output);
  let position = 0;
  while (((position + 0.5) * input) / output - 0.5 - reach < 0) position += 1;
  return position;
}
