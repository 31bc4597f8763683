import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workingSize } from './index.ts';

const side = fc.integer({ min: 1, max: 20_000 });

describe('the working size', () => {
  it('is the source when that is not larger than maxSize', () => {
    expect(workingSize({ width: 250, height: 90 }, { maxSize: 250, pyramid: { rule: 'paper' } })).toEqual({
      width: 250,
      height: 90,
    });
  });

  it('rounds the shorter side, and rounds it up by the rule of the published code', () => {
    const source = { width: 366, height: 585 };
    expect(workingSize(source, { maxSize: 250, pyramid: { rule: 'paper' } })).toEqual({ width: 156, height: 250 });
    expect(workingSize(source, { maxSize: 250, pyramid: { rule: 'reference' } })).toEqual({ width: 157, height: 250 });
  });

  it('never enlarges, never exceeds maxSize, and keeps the shape within a pixel', () => {
    const rule = fc.constantFrom('paper' as const, 'reference' as const);
    fc.assert(
      fc.property(side, side, fc.integer({ min: 32, max: 1024 }), rule, (width, height, maxSize, pyramidRule) => {
        const working = workingSize({ width, height }, { maxSize, pyramid: { rule: pyramidRule } });
        const factor = Math.min(1, maxSize / Math.max(width, height));
        expect(Math.max(working.width, working.height)).toBe(Math.min(maxSize, Math.max(width, height)));
        expect(working.width).toBeLessThanOrEqual(width);
        expect(working.height).toBeLessThanOrEqual(height);
        expect(Math.min(working.width, working.height)).toBeGreaterThanOrEqual(1);
        expect(Math.abs(working.width - width * factor)).toBeLessThanOrEqual(1);
        expect(Math.abs(working.height - height * factor)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
