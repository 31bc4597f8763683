import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdFactory, isId } from './ids.ts';

describe('ids', () => {
  it('carry their kind as a prefix and are recognised by it', () => {
    const newId = createIdFactory({ now: () => new Date('2026-01-01T00:00:00Z') });
    const id = newId('mdl');
    expect(isId(id, 'mdl')).toBe(true);
    expect(isId(id, 'job')).toBe(false);
  });

  it('sort by the time they were made', () => {
    fc.assert(
      // From 1: ulid takes the time 0 for none and asks the machine's clock.
      fc.property(fc.integer({ min: 1, max: 2 ** 45 }), fc.integer({ min: 1, max: 2 ** 40 }), (time, later) => {
        const first = createIdFactory({ now: () => new Date(time) })('job');
        const second = createIdFactory({ now: () => new Date(time + later) })('job');
        expect(first < second).toBe(true);
      }),
    );
  });

  it('are a function of the clock and the random source that were passed in', () => {
    const make = () => createIdFactory({ now: () => new Date(1_000) }, () => 0.5)('art');
    expect(make()).toBe(make());
  });

  it.each([
    '',
    'mdl_',
    'mdl_01ARZ3NDEKTSV4RRFFQ69G5FA',
    'mdl_01ARZ3NDEKTSV4RRFFQ69G5FAI',
    'mdl-01ARZ3NDEKTSV4RRFFQ69G5FAV',
    "mdl_'; drop table x",
  ])('refuses %j as an id', (value) => {
    expect(isId(value, 'mdl')).toBe(false);
  });
});
