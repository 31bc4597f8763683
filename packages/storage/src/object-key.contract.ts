import { AppError } from '@singan/domain';
import { expect, test } from 'vitest';
import { failsWith, keysOf } from './contract-helpers.ts';
import type { ObjectStore } from './object-store.ts';

const ODD_KEYS = [
  'a',
  'name with spaces',
  'plus+and%20percent%',
  'quotes\'"`',
  'amp&lt;<tag>?query=1#hash',
  'ünïcödé/日本語/🎈.png',
  'e\u0301 beside \u00e9',
  '.hidden/..two-dots/...',
  'semi;colon:at@equals=',
  '*?[]{}|^~$!(),',
  `${'p'.repeat(200)}/${'q'.repeat(200)}/${'r'.repeat(200)}`,
];

const REFUSED_KEYS = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '..',
  '../a',
  'a/../b',
  'a/..',
  '.',
  './a',
  'a/./b',
  'a\u0000b',
  'a\nb',
  'a\\b',
  '\ud800',
  'x'.repeat(201),
  'é'.repeat(101),
  `${'a/'.repeat(400)}ab`,
];

/** Part of the contract: which keys every store takes, and which it refuses. */
export function describeKeys(storeOf: () => ObjectStore): void {
  test.each(ODD_KEYS)('the key %s keeps its object', async (part) => {
    const key = `odd/${part}`;
    await storeOf().put(key, Buffer.from(key));
    expect((await storeOf().get(key)).toString()).toBe(key);
    expect(await keysOf(storeOf(), key)).toContain(key);
  });

  test('all odd keys are listed beside each other and can be deleted', async () => {
    const keys = ODD_KEYS.map((part) => `odd/${part}`);
    expect(await keysOf(storeOf(), 'odd/')).toEqual([...keys].sort());
    await storeOf().delete(keys);
    expect(await keysOf(storeOf(), 'odd/')).toEqual([]);
  });

  test.each(REFUSED_KEYS.map((key) => JSON.stringify(key)))('the key %s is refused by every call', async (json) => {
    const key = JSON.parse(json) as string;
    const refused = failsWith('storage.key_invalid');
    await expect(storeOf().put(key, Buffer.from('x'))).rejects.toEqual(refused);
    await expect(storeOf().get(key)).rejects.toEqual(refused);
    await expect(storeOf().stream(key)).rejects.toEqual(refused);
    await expect(storeOf().head(key)).rejects.toEqual(refused);
    await expect(storeOf().delete([key])).rejects.toEqual(refused);
    await expect(storeOf().signedUrl(key, { expiresSeconds: 60 })).rejects.toEqual(refused);
  });

  test.each(['/', '../', 'a//', 'a/../b', 'a\u0000'])('the prefix %j is refused', async (prefix) => {
    expect(() => storeOf().list(prefix)).toThrow(AppError);
  });
}
