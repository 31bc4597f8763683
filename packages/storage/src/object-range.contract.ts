import { beforeAll, expect, test } from 'vitest';
import { failsWith } from './contract-helpers.ts';
import type { ObjectStore } from './object-store.ts';

/** Reading a part of an object. */
export function describeRanges(storeOf: () => ObjectStore): void {
  const bytes = Buffer.from('0123456789');
  beforeAll(async () => {
    await storeOf().put('range/ten', bytes);
    await storeOf().put('range/none', Buffer.alloc(0));
  });

  test.each([
    [0, 0, '0'],
    [0, 9, '0123456789'],
    [3, 5, '345'],
    [9, 9, '9'],
    [8, 400, '89'],
  ])('bytes %i-%i of ten are "%s"', async (start, end, expected) => {
    const { body, ...sizes } = await storeOf().stream('range/ten', { start, end });
    expect(sizes).toEqual({ sizeBytes: 10, bodyBytes: expected.length });
    expect(Buffer.concat(await body.toArray()).toString()).toBe(expected);
  });

  test.each([
    [10, 12],
    [5, 4],
    [-1, 3],
    [0.5, 3],
    [0, Number.NaN],
  ])('bytes %d-%d of ten are artifact.range_invalid', async (start, end) => {
    await expect(storeOf().stream('range/ten', { start, end })).rejects.toEqual(failsWith('artifact.range_invalid'));
  });

  test('an empty object has no range', async () => {
    await expect(storeOf().stream('range/none', { start: 0, end: 0 })).rejects.toEqual(
      failsWith('artifact.range_invalid'),
    );
  });
}
