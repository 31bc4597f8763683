import { expect, test } from 'vitest';
import { etagMatches, toEtag } from './etag.ts';

const etag = toEtag('abc');

test.each([
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", "abc"', true],
  ['*', true],
  ['"abcd"', false],
  [undefined, false],
  ['', false],
])('If-None-Match %j matches "abc": %s', (header, expected) => {
  expect(etagMatches(header, etag)).toBe(expected);
});
