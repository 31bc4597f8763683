import type { LookupAddress, LookupOptions } from 'node:dns';
import { expect, test } from 'vitest';
import { guardedLookup } from './guarded-lookup.ts';

const PUBLIC: LookupAddress[] = [
  { address: '1.1.1.1', family: 4 },
  { address: '2606:4700:4700::1111', family: 6 },
];

function lookUp(answer: LookupAddress[], options: LookupOptions): Promise<unknown[]> {
  return new Promise((resolve) => {
    guardedLookup(async () => answer)('name.example', options, (...args) => resolve(args));
  });
}

test('the socket gets exactly the addresses that were checked', async () => {
  expect(await lookUp(PUBLIC, { all: true })).toEqual([null, PUBLIC]);
  expect(await lookUp(PUBLIC, { all: false })).toEqual([null, '1.1.1.1', 4]);
  expect(await lookUp(PUBLIC, {})).toEqual([null, '1.1.1.1', 4]);
});

test.each([true, false])('one private address among public ones refuses the name (all: %s)', async (all) => {
  const [error] = await lookUp([...PUBLIC, { address: '10.0.0.1', family: 4 }], { all });
  expect(error).toMatchObject({ code: 'webhook.address_refused', context: { address: '10.0.0.1' } });
});

test('a name without addresses is an error', async () => {
  const [error] = await lookUp([], { all: true });
  expect(error).toBeInstanceOf(Error);
});
