import { dilateMask, MASK_RADIUS, MASK_THRESHOLD, softMask } from '@singan/imaging';
import { expect } from 'vitest';
import { type GoldenArray, valuesOf } from '../support/golden-array.ts';
import { expectClose, type GoldenCheck } from '../support/golden-check.ts';

interface MaskGolden {
  readonly mode: keyof typeof MASK_RADIUS;
  readonly mask_u8_HWC: GoldenArray;
  readonly u8_channel0_seen_by_dilation_nonzero_count: number;
  readonly disk_radius: number;
  readonly dilated_bool_HW: GoldenArray;
  readonly output_HW: GoldenArray;
}

/**
 * Masks of editing and harmonization: widened, then softened. The reference counts every pixel of the first channel that is not 0,
 * ours from the threshold on; these masks are black and white.
 */
export const check: GoldenCheck = {
  prefix: 'f_mask',
  needsEngine: false,
  run(golden) {
    const file = golden as MaskGolden;
    const [height = 0, width = 0, channels = 0] = file.mask_u8_HWC.shape;
    const first = valuesOf(file.mask_u8_HWC).filter((_, index) => index % channels === 0);
    const data = Uint8Array.from(first, (value) => Number(value >= MASK_THRESHOLD));
    expect(data.filter((value) => value === 1).length).toBe(file.u8_channel0_seen_by_dilation_nonzero_count);

    const radiusPx = MASK_RADIUS[file.mode];
    expect(radiusPx).toBe(file.disk_radius);
    const mask = { width, height, data };
    expectClose('dilated', dilateMask(mask, radiusPx).data, { expected: valuesOf(file.dilated_bool_HW), tolerance: 0 });
    expectClose('softened', softMask(mask, { radiusPx }), { expected: valuesOf(file.output_HW), tolerance: 1e-4 });
  },
};
