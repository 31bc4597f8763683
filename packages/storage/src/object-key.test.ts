import { join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkKey, checkPrefix } from './object-key.ts';

const isAccepted = (check: (text: string) => void, text: string) => {
  try {
    check(text);
    return true;
  } catch {
    return false;
  }
};

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('.', '..', '', '\\', '\0', 'ordinary', 'a.b', '...'),
);
const anyKey = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

test('an accepted key is a path below the root that is spelled in one way only', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      fc.pre(isAccepted(checkKey, key));
      expect(relative('/root', join('/root', key))).toBe(key);
    }),
    { numRuns: 1000 },
  );
});

test('every beginning of an accepted key is an accepted prefix', () => {
  fc.assert(
    fc.property(anyKey, fc.nat(40), (key, length) => {
      fc.pre(isAccepted(checkKey, key));
      const prefix = [...key].slice(0, length).join('');
      expect(isAccepted(checkPrefix, prefix)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('most ordinary keys are accepted, so that the properties above say something', () => {
  expect(
    fc.sample(anyKey, { numRuns: 1000, seed: 1 }).filter((key) => isAccepted(checkKey, key)).length,
  ).toBeGreaterThan(100);
});

test('the error names the key and what was expected', () => {
  expect(() => checkKey('a//b')).toThrow('key "a//b": expected parts joined by single slashes');
});
