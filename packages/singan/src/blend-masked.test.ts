import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendMasked } from './blend-masked.ts';

const WIDTH = 5;
const HEIGHT = 4;
const PIXELS = WIDTH * HEIGHT;

const pictures = fc
  .float32Array({ min: -1, max: 1, noNaN: true, minLength: 3 * PIXELS, maxLength: 3 * PIXELS })
  .map((data) => ({ width: WIDTH, height: HEIGHT, data }));
const share = fc.oneof(fc.constantFrom(0, 1), fc.float({ min: 0, max: 1, noNaN: true }));
const masks = fc.array(share, { minLength: PIXELS, maxLength: PIXELS }).map((values) => Float32Array.from(values));

describe('a blend by a mask', () => {
  it('is the background to the bit where the mask is 0, the generated picture where it is 1, and between them elsewhere', () => {
    fc.assert(
      fc.property(pictures, pictures, masks, (background, generated, mask) => {
        const { data } = blendMasked({ background, generated, mask });
        for (const [i, value] of data.entries()) {
          const [behind, before, m] = [background.data[i], generated.data[i], mask[Math.floor(i / 3)]] as [
            number,
            number,
            number,
          ];
          if (m === 0) expect(Object.is(value, behind)).toBe(true);
          if (m === 1) expect(value).toBeCloseTo(before, 6);
          expect(value).toBeGreaterThanOrEqual(Math.min(behind, before) - 1e-6);
          expect(value).toBeLessThanOrEqual(Math.max(behind, before) + 1e-6);
        }
      }),
    );
  });

  it('weighs both pictures by the mask', () => {
    const flat = (value: number) => ({ width: 1, height: 1, data: new Float32Array(3).fill(value) });
    const { data } = blendMasked({ background: flat(-1), generated: flat(1), mask: Float32Array.of(0.25) });
    expect([...data]).toEqual([-0.5, -0.5, -0.5]);
  });

  it('refuses other sizes', () => {
    const picture = (width: number, height: number) => ({ width, height, data: new Float32Array(width * height * 3) });
    const background = picture(4, 6);
    const mask = new Float32Array(24);
    expect(() => blendMasked({ background, generated: picture(6, 4), mask })).toThrow(/of 4x6, got .* 6x4/);
    expect(() => blendMasked({ background, generated: background, mask: mask.subarray(1) })).toThrow(/of 23 values/);
  });
});
