import { resizeImage } from '@singan/singan';
import { type GoldenArray, plainOf } from '../support/golden-array.ts';
import { expectClose, type GoldenCheck } from '../support/golden-check.ts';

interface ResizeGolden {
  readonly cases: ReadonlyArray<{
    readonly input: GoldenArray;
    readonly outputs: ReadonlyArray<{ readonly height: number; readonly width: number; readonly data: GoldenArray }>;
  }>;
}

/** The resize of the method, which shapes every image of a pyramid. */
export const check: GoldenCheck = {
  prefix: 'i_resize',
  needsEngine: true,
  run(golden) {
    for (const { input, outputs } of (golden as ResizeGolden).cases) {
      const { shape, data } = plainOf(input);
      const [height = 0, width = 0] = shape;
      for (const output of outputs) {
        const resized = resizeImage({ width, height, data }, output);
        const what = `${width}x${height} to ${output.width}x${output.height}`;
        expectClose(what, resized.data, { expected: plainOf(output.data).data, tolerance: 1e-5 });
      }
    }
  },
};
