import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveStartScale, resolveStartScales } from './index.ts';

function errorOf(action: () => unknown): AppError {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected an AppError, nothing was thrown');
}

describe('the start scales of a request', () => {
  it('count from the coarsest, or from the finest when negative', () => {
    expect(resolveStartScales(0, { scaleCount: 8, min: 0 })).toEqual([0]);
    expect(resolveStartScales(7, { scaleCount: 8, min: 1 })).toEqual([7]);
    expect(resolveStartScales(-1, { scaleCount: 8, min: 1 })).toEqual([7]);
    expect(resolveStartScales(-7, { scaleCount: 8, min: 1 })).toEqual([1]);
  });

  it('are all that the task can begin at for a sweep', () => {
    expect(resolveStartScales('all', { scaleCount: 4, min: 0 })).toEqual([0, 1, 2, 3]);
    expect(resolveStartScales('all', { scaleCount: 4, min: 1 })).toEqual([1, 2, 3]);
  });

  it('are one within the range, or refused naming it', () => {
    const model = fc.record({ scaleCount: fc.integer({ min: 2, max: 20 }), min: fc.constantFrom(0, 1) });
    fc.assert(
      fc.property(fc.integer({ min: -25, max: 25 }), model, (value, range) => {
        const scale = value < 0 ? value + range.scaleCount : value;
        if (scale >= range.min && scale < range.scaleCount) {
          expect(resolveStartScales(value, range)).toEqual([scale]);
          return;
        }
        const { code, errors, message } = errorOf(() => resolveStartScales(value, range));
        expect({ code, pointer: errors[0]?.pointer }).toEqual({ code: 'sample.start_scale', pointer: '/startScale' });
        expect(message).toContain(`expected ${range.min} (`);
        expect(message).toContain(`to ${range.scaleCount - 1} (finest)`);
        expect(message).toContain(`got ${value}`);
      }),
    );
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, -0.5])('are refused for %s', (value) => {
    expect(errorOf(() => resolveStartScales(value, { scaleCount: 4, min: 0 })).code).toBe('sample.start_scale');
  });

  it('are one, and no sweep is offered, for a task that knows none', () => {
    expect(resolveStartScale(2, { scaleCount: 4, min: 0 })).toBe(2);
    expect(resolveStartScale(-1, { scaleCount: 4, min: 0 })).toBe(3);
    expect(() => resolveStartScale(4, { scaleCount: 4, min: 0 })).toThrow(/-4 to -1 counted from the finest, got 4/);
  });

  it('are refused when the model has too few scales for the task', () => {
    for (const value of ['all', 0, -1] as const) {
      expect(() => resolveStartScales(value, { scaleCount: 1, min: 1 })).toThrow(/a model of at least 2 scales, got 1/);
    }
  });
});
