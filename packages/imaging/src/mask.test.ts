import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mask, requireUsableMask, resizeMask } from './index.ts';
import { maskOf } from './mask.fixture.ts';

const codeOf = (mask: Mask): string | undefined => {
  try {
    requireUsableMask(mask);
    return undefined;
  } catch (error) {
    return error instanceof AppError ? `${error.httpStatus} ${error.code}` : String(error);
  }
};

describe('a mask of another size', () => {
  it('is resized to the nearest pixels', () => {
    const mask = maskOf(['#..', '.#.']);
    expect(resizeMask(mask, { width: 6, height: 4 })).toEqual(maskOf(['##....', '##....', '..##..', '..##..']));
    const fine = maskOf(['####', '#.##', '####', '###.']);
    expect(resizeMask(fine, { width: 2, height: 2 })).toEqual(maskOf(['.#', '#.']));
  });

  it('comes back unchanged after it was enlarged by whole factors', () => {
    const masks = fc.record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) });
    const side = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(masks, side, side, fc.infiniteStream(fc.constantFrom(0, 1)), ({ width, height }, x, y, bits) => {
        const mask = { width, height, data: Uint8Array.from({ length: width * height }, () => bits.next().value) };
        const larger = resizeMask(mask, { width: width * x, height: height * y });
        expect(larger.data.length).toBe(width * x * height * y);
        expect(resizeMask(larger, { width, height })).toEqual(mask);
      }),
    );
  });

  it('is the same mask when the size is the same', () => {
    const mask = maskOf(['#.']);
    expect(resizeMask(mask, { width: 2, height: 1 })).toBe(mask);
  });
});

describe('a mask that cannot be used', () => {
  it('marks nothing', () => {
    expect(codeOf(maskOf(['..', '..']))).toBe('422 mask.empty');
    expect(() => requireUsableMask(maskOf(['...', '...']))).toThrow('marks none of 3x2 pixels');
  });

  it('marks everything', () => {
    expect(codeOf(maskOf(['##', '##']))).toBe('422 mask.full');
    expect(() => requireUsableMask(maskOf(['###', '###']))).toThrow('marks all of 3x2 pixels');
  });

  it('is neither when one pixel differs', () => {
    expect(codeOf(maskOf(['..', '.#']))).toBeUndefined();
    expect(codeOf(maskOf(['##', '#.']))).toBeUndefined();
  });

  it('can be one whose only mark is lost by shrinking', () => {
    expect(codeOf(resizeMask(maskOf(['#...', '....']), { width: 1, height: 1 }))).toBe('422 mask.empty');
  });
});
