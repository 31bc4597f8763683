import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentDisposition } from './content-disposition.ts';

test('any file name gives one header of printable ASCII from which it can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (filename) => {
      const header = contentDisposition(filename);
      const [, plain = '"', exact = ''] =
        /^attachment; filename="([^"\\]*)"; filename\*=UTF-8''([\w.!~%-]*)$/.exec(header) ?? [];
      expect(plain).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeURIComponent(exact)).toBe(filename.toWellFormed());
    }),
  );
});
