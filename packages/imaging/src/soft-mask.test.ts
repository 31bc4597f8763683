import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianBlur } from './gaussian-blur.ts';
import { dilateMask, MASK_RADIUS, type Mask, softMask } from './index.ts';
import { maskOf } from './mask.fixture.ts';

const side = fc.integer({ min: 1, max: 24 });

/** Masks of every density, down to a single mark. */
const masks: fc.Arbitrary<Mask> = fc
  .tuple(side, side)
  .chain(([width, height]) =>
    fc
      .uniqueArray(fc.nat(width * height - 1), { maxLength: width * height })
      .map((marks) => ({ width, height, data: new Uint8Array(width * height).map((_, at) => +marks.includes(at)) })),
  );

/** The definition, taken word for word. */
function dilateByDefinition({ width, height, data }: Mask, radius: number): Mask {
  const isNear = (at: number, other: number) =>
    (Math.floor(at / width) - Math.floor(other / width)) ** 2 + ((at % width) - (other % width)) ** 2 <= radius ** 2;
  const marks = [...data.keys()].filter((at) => data[at] === 1);
  return { width, height, data: data.map((_, at) => Number(marks.some((mark) => isNear(at, mark)))) };
}

function blurByDefinition({ width, height, data }: { width: number; height: number; data: Float32Array }) {
  const reach = 20;
  const weight = (offset: number) => Math.exp(-(offset ** 2) / 50);
  const clamp = (index: number, length: number) => Math.min(length - 1, Math.max(0, index));
  return data.map((_, at) => {
    let [sum, total] = [0, 0];
    for (let i = -reach; i <= reach; i += 1) {
      for (let j = -reach; j <= reach; j += 1) {
        const y = clamp(Math.floor(at / width) + i, height);
        const x = clamp((at % width) + j, width);
        sum += weight(i) * weight(j) * (data[y * width + x] ?? 0);
        total += weight(i) * weight(j);
      }
    }
    return sum / total;
  });
}

const largestGap = (a: Float32Array, b: Float32Array) =>
  a.reduce((gap, v, i) => Math.max(gap, Math.abs(v - (b[i] ?? 9))), 0);

describe('dilation by a disk', () => {
  it('marks what the definition marks, for any mask and radius', () => {
    fc.assert(
      fc.property(masks, fc.oneof(fc.nat(30), fc.double({ min: 0, max: 9, noNaN: true })), (mask, radiusPx) => {
        expect(dilateMask(mask, radiusPx)).toEqual(dilateByDefinition(mask, radiusPx));
      }),
      { numRuns: 300 },
    );
  });

  it('makes a disk of a point, cut at the border', () => {
    expect(dilateMask(maskOf(['.....', '.....', '..#..', '.....', '.....']), 2)).toEqual(
      maskOf(['..#..', '.###.', '#####', '.###.', '..#..']),
    );
    expect(dilateMask(maskOf(['#...', '....']), 2)).toEqual(maskOf(['###.', '##..']));
  });

  it('leaves a mask as it is with radius 0, and refuses what is no radius', () => {
    const mask = maskOf(['#.', '.#']);
    expect(dilateMask(mask, 0)).toEqual(mask);
    expect(() => dilateMask(mask, -1)).toThrow('at least 0 px, got -1');
    expect(() => dilateMask(mask, Number.NaN)).toThrow('got NaN');
  });
});

describe('the Gaussian', () => {
  it('is that of the definition, also where a picture is smaller than the kernel', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const plane = { ...mask, data: Float32Array.from(mask.data) };
        const blurred = gaussianBlur(plane, { sigmaPx: 5, truncate: 4 });
        expect([blurred.width, blurred.height]).toEqual([mask.width, mask.height]);
        expect(largestGap(blurred.data, blurByDefinition(plane))).toBeLessThan(1e-6);
      }),
      { numRuns: 25 },
    );
  });

  it('is that of the definition where it passes over stretches of one value', () => {
    const plane = { width: 97, height: 71, data: new Float32Array(97 * 71) };
    for (let y = 5; y < 62; y += 1) plane.data.fill(1, y * 97 + 8, y * 97 + 90);
    const blurred = gaussianBlur(plane, { sigmaPx: 5, truncate: 4 });
    expect(largestGap(blurred.data, blurByDefinition(plane))).toBeLessThan(1e-6);
    expect(blurred.data[35 * 97 + 48]).toBe(1);
  });
});

describe('a soft mask', () => {
  it('goes from exactly 0 to exactly 1 and falls with the distance from the mark', () => {
    const mask = { width: 121, height: 3, data: new Uint8Array(363) };
    mask.data[121 + 60] = 1;
    const soft = softMask(mask, { radiusPx: MASK_RADIUS.editing });
    const line = soft.subarray(121, 242);
    expect(line[60]).toBe(1);
    expect(line[0]).toBe(0);
    for (let x = 1; x <= 60; x += 1) expect(line[x] ?? 0).toBeGreaterThanOrEqual(line[x - 1] ?? 9);
    expect([...line].reverse()).toEqual([...line].map((value) => expect.closeTo(value, 6)));
  });

  it('has half its weight at the edge of the widened mask', () => {
    const mask = { width: 200, height: 5, data: new Uint8Array(1000).map((_, at) => +(at % 200 < 100)) };
    const soft = softMask(mask, { radiusPx: MASK_RADIUS.harmonization });
    // The last marked pixel is 99 + 7; half the weight lies between it and the next one.
    expect(((soft[106] ?? 0) + (soft[107] ?? 0)) / 2).toBeCloseTo(0.5, 6);
  });

  it('is 1 everywhere when the widened mask covers all, without stretching rounding errors', () => {
    const soft = softMask(maskOf(['.....', '..#..', '.....']), { radiusPx: 20 });
    expect(soft.every((value) => value === 1)).toBe(true);
  });

  it('is 0 everywhere without a mark', () => {
    expect(softMask(maskOf(['..', '..']), { radiusPx: 7 }).every((value) => value === 0)).toBe(true);
  });

  it('takes the radii of the paper', () => {
    expect(MASK_RADIUS).toEqual({ harmonization: 7, editing: 20 });
  });
});
