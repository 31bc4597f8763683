import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Corpus, createCorpus, gradient } from './corpus.fixture.ts';
import { decodeCanonical } from './decode-canonical.ts';
import { SNIFF_BYTES, sniffFormat, UPLOAD_FORMATS, type UploadFormat } from './index.ts';

const limits = { maxBytes: 2 ** 20, maxPixels: 100_000, maxSidePx: 1000 };

let corpus: Corpus;
beforeAll(async () => {
  corpus = await createCorpus();
});
afterAll(() => corpus.remove());

describe('damaged files', () => {
  it.each(UPLOAD_FORMATS)(
    'decode or are refused, whatever bytes of a %s were changed',
    async (format: UploadFormat) => {
      const intact = await gradient(24, 16).toFormat(format).toBuffer();
      const change = fc.tuple(fc.integer({ min: 0, max: intact.length - 1 }), fc.integer({ min: 0, max: 255 }));
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
          const damaged = Buffer.from(intact);
          for (const [at, byte] of changes) damaged[at] = byte;
          const path = await corpus.write(`damaged.${format}`, damaged);
          const outcome = await decodeCanonical(path, format, limits).catch((error: unknown) => error);
          if (outcome instanceof AppError) expect(outcome.code).toMatch(/^image\./);
          else expect(outcome).toMatchObject({ width: expect.any(Number), png: expect.any(Buffer) });
        }),
        { numRuns: 40 },
      );
    },
  );

  it('never stop the sniffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: SNIFF_BYTES }), (head) => {
        expect([null, ...UPLOAD_FORMATS]).toContain(sniffFormat(head));
      }),
    );
  });

  it.each([
    ['avif in its major brand', '\0\0\0\x1cftypavif\0\0\0\0mif1miaf', 'avif'],
    ['avif among its compatible brands', '\0\0\0\x1cftypmif1\0\0\0\0mif1avif', 'avif'],
    ['avif only behind the box', '\0\0\0\x14ftypmif1\0\0\0\0mif1avif', null],
    ['avif as the version, which is no brand', '\0\0\0\x14ftypmif1avifmif1', null],
  ])('tell an AVIF by %s', (_, head, expected) => {
    expect(sniffFormat(Buffer.from(head, 'latin1'))).toBe(expected);
  });
});
