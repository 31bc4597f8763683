import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkContentType } from '../content-type.ts';
import { decodeTrailer, encodeTrailer, TRAILER_BYTES } from './trailer.ts';

const sha256 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const contentType = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 215 });

test('what is encoded is decoded', () => {
  fc.assert(
    fc.property(fc.record({ sha256, contentType }, { requiredKeys: ['sha256'] }), (trailer) => {
      expect(() => checkContentType(trailer.contentType)).not.toThrow();
      const bytes = encodeTrailer(trailer);
      expect(bytes.length).toBe(TRAILER_BYTES);
      expect(decodeTrailer(bytes)).toEqual(trailer);
    }),
  );
  expect(TRAILER_BYTES).toBe(256);
});

test('other bytes are no trailer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeTrailer(Buffer.from(bytes))).toBeNull();
    }),
  );
  expect(decodeTrailer(encodeTrailer({ sha256: '00'.repeat(32) }).subarray(1))).toBeNull();
});

test.each(['', 'text/plain\r\nx: y', 'text/ünicode', 'x'.repeat(216)])('the content type %j is refused', (type) => {
  expect(() => checkContentType(type)).toThrow('content type');
});
