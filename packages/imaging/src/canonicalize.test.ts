import type { AppError } from '@singan/domain';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Corpus, createCorpus, gradient, plain, withClaimedSize, withWrongChecksum } from './corpus.fixture.ts';
import { canonicalize, inspectUpload, UPLOAD_FORMATS, type UploadLimits } from './index.ts';

const limits: UploadLimits = { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000, maxSidePx: 20_000 };

let corpus: Corpus;
beforeAll(async () => {
  corpus = await createCorpus();
});
afterAll(() => corpus.remove());

async function canonical(name: string, bytes: Uint8Array) {
  const image = await canonicalize(await corpus.write(name, bytes), limits);
  const { data, info } = await sharp(image.png).raw().toBuffer({ resolveWithObject: true });
  const { depth } = await sharp(image.png).metadata();
  return { ...image, data, depth, channels: info.channels, decodedWidth: info.width };
}

async function refusal(name: string, bytes: Uint8Array, narrower: Partial<UploadLimits> = {}): Promise<AppError> {
  const path = await corpus.write(name, bytes);
  return canonicalize(path, { ...limits, ...narrower }).then(
    () => Promise.reject(new Error(`${name} was accepted`)),
    (error: AppError) => error,
  );
}

describe('an upload that can be decoded', () => {
  it.each(UPLOAD_FORMATS)('becomes an 8 bit RGB PNG from %s', async (format) => {
    const image = await canonical('picture.bin', await gradient(48, 32).toFormat(format).toBuffer());
    expect(image).toMatchObject({ width: 48, height: 32, channels: 3, depth: 'uchar', decodedWidth: 48, gray: false });
    expect(image.source).toMatchObject({ format, width: 48, height: 32, orientation: 1, bitDepth: 8 });
    const expected = await gradient(48, 32).raw().toBuffer();
    const error = expected.reduce((sum, byte, at) => sum + Math.abs(byte - (image.data[at] ?? 0)), 0) / expected.length;
    expect(error).toBeLessThan(format === 'png' ? 1e-9 : 4);
  });

  it('keeps the very pixels of a plain PNG', async () => {
    const image = await canonical('exact.png', await gradient(31, 17).png().toBuffer());
    expect(image.data.equals(await gradient(31, 17).raw().toBuffer())).toBe(true);
  });

  it('composites alpha over white', async () => {
    const image = await canonical('alpha.png', await plain({ r: 200, g: 0, b: 0, alpha: 0.5 }).png().toBuffer());
    expect(image.source).toMatchObject({ alpha: true, channels: 4 });
    const [red, green, blue] = image.data;
    expect(red).toBeGreaterThanOrEqual(226);
    expect(red).toBeLessThanOrEqual(229);
    expect(Math.abs((green ?? 0) - 127)).toBeLessThanOrEqual(1);
    expect(blue).toBe(green);
  });

  it.each([
    ['half transparent', () => plain({ r: 200, g: 0, b: 0, alpha: 0.5 }), true],
    ['nearly opaque', () => plain({ r: 200, g: 0, b: 0, alpha: 0.99 }), true],
    ['opaque with alpha', () => plain({ r: 200, g: 0, b: 0, alpha: 1 }), false],
    ['opaque with alpha of 16 bit', () => plain({ r: 200, g: 0, b: 0, alpha: 1 }).toColourspace('rgb16'), false],
    ['half transparent of 16 bit', () => plain({ r: 2, g: 0, b: 0, alpha: 0.5 }).toColourspace('rgb16'), true],
    ['half transparent gray', () => plain({ r: 9, g: 9, b: 9, alpha: 0.5 }).toColourspace('b-w'), true],
    ['without alpha', () => plain({ r: 200, g: 0, b: 0 }), false],
  ] as const)('is told to be transparent or not: %s', async (_, picture, transparent) => {
    expect(await canonical('maybe-transparent.png', await picture().png().toBuffer())).toMatchObject({ transparent });
  });

  it.each([
    ['gray', () => plain({ r: 90, g: 90, b: 90 }).toColourspace('b-w'), { channels: 1, alpha: false, bitDepth: 8 }],
    [
      'gray and alpha',
      () => plain({ r: 90, g: 90, b: 90, alpha: 1 }).toColourspace('b-w'),
      { channels: 2, alpha: true, bitDepth: 8 },
    ],
    [
      'gray of 16 bit',
      () => plain({ r: 90, g: 90, b: 90 }).toColourspace('grey16'),
      { channels: 1, alpha: false, bitDepth: 16 },
    ],
  ] as const)('is flagged gray and has three equal channels when it is %s', async (_, picture, source) => {
    const image = await canonical('gray.png', await picture().png().toBuffer());
    expect(image).toMatchObject({ gray: true, channels: 3, source });
    expect(new Set(image.data.subarray(0, 3)).size).toBe(1);
    expect(Math.abs((image.data[0] ?? 0) - 90)).toBeLessThanOrEqual(1);
  });

  it('is brought from 16 to 8 bit', async () => {
    const bytes = await plain({ r: 200, g: 100, b: 50 }).toColourspace('rgb16').png().toBuffer();
    const image = await canonical('deep.png', bytes);
    expect(image.source).toMatchObject({ bitDepth: 16, colourSpace: 'rgb16' });
    expect(image.depth).toBe('uchar');
    expect([...image.data.subarray(0, 3)]).toEqual([200, 100, 50]);
  });

  it('is brought from CMYK to sRGB', async () => {
    const bytes = await plain({ r: 255, g: 255, b: 255 }).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const image = await canonical('cmyk.jpg', bytes);
    expect(image).toMatchObject({ channels: 3, source: { colourSpace: 'cmyk', channels: 4, alpha: false } });
    expect(Math.min(...image.data)).toBeGreaterThan(245);
  });

  it('is converted by its colour profile, which is not kept', async () => {
    const bytes = await plain({ r: 0, g: 200, b: 0 }).withIccProfile('p3').png().toBuffer();
    expect((await sharp(bytes).metadata()).hasProfile).toBe(true);
    const image = await canonical('p3.png', bytes);
    const [red = 255, green = 0, blue = 255] = image.data;
    expect(Math.max(red, Math.abs(green - 200), blue)).toBeLessThanOrEqual(2);
    expect((await sharp(image.png).metadata()).hasProfile).toBe(false);
  });

  it('is turned upright by its EXIF orientation, which is not kept', async () => {
    const left = plain({ r: 255, g: 0, b: 0 }, 10, 20);
    const bytes = await left
      .extend({ right: 30, background: { r: 0, g: 0, b: 255 } })
      .png()
      .toBuffer()
      .then((png) => sharp(png).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer());
    const path = await corpus.write('turned.jpg', bytes);
    expect(await inspectUpload(path, limits)).toMatchObject({
      width: 20,
      height: 40,
      source: { width: 40, height: 20, orientation: 6 },
    });
    const image = await canonical('turned.jpg', bytes);
    expect(image).toMatchObject({ width: 20, height: 40, source: { width: 40, height: 20, orientation: 6 } });
    expect(image.data[0]).toBeGreaterThan(240);
    expect(image.data.at(-1)).toBeGreaterThan(240);
    expect((await sharp(image.png).metadata()).orientation).toBeUndefined();
  });

  it('gives the first frame of an animation', async () => {
    const frames = Buffer.concat([
      await plain({ r: 255, g: 0, b: 0 }, 16, 10).raw().toBuffer(),
      await plain({ r: 0, g: 0, b: 255 }, 16, 10).raw().toBuffer(),
    ]);
    const raw = { width: 16, height: 20, channels: 3, pageHeight: 10 } as const;
    const bytes = await sharp(frames, { raw }).gif({ loop: 0 }).toBuffer();
    const path = await corpus.write('two.gif', bytes);
    expect(await inspectUpload(path, limits)).toMatchObject({ pages: 2, width: 16, height: 10 });
    const image = await canonical('two.gif', bytes);
    expect(image).toMatchObject({ width: 16, height: 10 });
    expect([...image.data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  it('loses whatever else the file carries: a page behind the picture, a large comment', async () => {
    const page = '<script>alert("polyglot")</script>';
    const bytes = await gradient(20, 20)
      .withExif({ IFD0: { ImageDescription: page.repeat(1000) } })
      .png()
      .toBuffer();
    const image = await canonical('polyglot.html', Buffer.concat([bytes, Buffer.from(page)]));
    expect(image.png.includes('script')).toBe(false);
    expect(image.data.equals(await gradient(20, 20).raw().toBuffer())).toBe(true);
  });

  it('may have one pixel: whether that can be trained is not decided here', async () => {
    expect(await canonical('dot.png', await plain({ r: 1, g: 2, b: 3 }, 1, 1).png().toBuffer())).toMatchObject({
      width: 1,
      height: 1,
    });
  });

  it('gives the same bytes each time', async () => {
    const bytes = await gradient(64, 48).jpeg().toBuffer();
    const [one, two] = [await canonical('a.jpg', bytes), await canonical('b.jpg', bytes)];
    expect(one.png.equals(two.png)).toBe(true);
  });
});

describe('an upload that is refused', () => {
  it('has 0 bytes', async () => {
    expect(await refusal('empty.png', new Uint8Array(0))).toMatchObject({ code: 'image.empty', httpStatus: 422 });
  });

  it.each([
    ['text named .png', 'This is not a picture, whatever its name says.'],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'],
    ['a BMP', 'BM6\0\0\0\0\0\0\0'],
    ['a PDF', '%PDF-1.7\n'],
    ['a HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['two bytes of a JPEG', '\xff\xd8'],
  ])('is %s', async (_, text) => {
    const error = await refusal('picture.png', Buffer.from(text, 'latin1'));
    expect(error).toMatchObject({ code: 'image.unsupported_format', httpStatus: 415 });
    expect(error.message).toContain('PNG, JPEG, WEBP, TIFF, AVIF, GIF');
    expect(error.message).toContain(Buffer.from(text, 'latin1').subarray(0, 8).toString('hex'));
  });

  it.each(UPLOAD_FORMATS)('is a truncated %s', async (format) => {
    const bytes = await gradient(200, 150).toFormat(format).toBuffer();
    const error = await refusal('cut.bin', bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    expect(error.code).toBe('image.corrupt');
    expect(error.message).toContain('truncated or damaged');
    expect(error.message).not.toContain('singan-imaging-');
    expect(error.context).toHaveProperty('decoder');
  });

  it('is nothing but a signature', async () => {
    const bytes = await gradient(20, 20).png().toBuffer();
    expect((await refusal('head.png', bytes.subarray(0, 8))).code).toBe('image.corrupt');
  });

  it('is a PNG whose data do not match their checksum', async () => {
    const bytes = withWrongChecksum(await gradient(40, 40).png().toBuffer());
    expect((await refusal('crc.png', bytes)).code).toBe('image.corrupt');
  });

  it('is a bomb: its header is read, its pixels are not', async () => {
    const bytes = withClaimedSize(await gradient(10, 10).png().toBuffer(), 16_000, 16_000);
    const error = await refusal('bomb.png', bytes);
    expect(error.code).toBe('image.too_many_pixels');
    expect(error.message).toContain('at most 50000000 pixels, this one has 16000x16000 = 256000000');
  });

  it('has a side beyond the limit', async () => {
    const bytes = withClaimedSize(await gradient(10, 10).png().toBuffer(), 30_000, 2);
    const error = await refusal('long.png', bytes);
    expect(error.code).toBe('image.too_many_pixels');
    expect(error.message).toContain('at most 20000 px, the picture has 30000x2 px');
  });

  it('claims more pixels than it has', async () => {
    const bytes = withClaimedSize(await gradient(10, 10).png().toBuffer(), 1000, 1000);
    expect((await refusal('short.png', bytes)).code).toBe('image.corrupt');
  });

  it('has more bytes, or more frames, than allowed', async () => {
    const bytes = await gradient(20, 20).png().toBuffer();
    expect(await refusal('big.png', bytes, { maxBytes: bytes.length - 1 })).toMatchObject({
      code: 'request.too_large',
      httpStatus: 413,
    });
    const raw = { width: 8, height: 24, channels: 3, pageHeight: 8 } as const;
    const frames = await gradient(8, 24).raw().toBuffer();
    const gif = await sharp(frames, { raw }).gif().toBuffer();
    const error = await refusal('frames.gif', gif, { maxPages: 2 });
    expect(error.code).toBe('image.too_many_pixels');
    expect(error.message).toContain('at most 2 frames or pages, this one has 3');
  });
});

describe('the header alone', () => {
  it('is enough for the facts, even of a file that cannot be decoded', async () => {
    const bytes = await gradient(200, 150).png().toBuffer();
    const path = await corpus.write('half.png', bytes.subarray(0, bytes.length / 2));
    expect(await inspectUpload(path, limits)).toEqual({
      source: {
        format: 'png',
        width: 200,
        height: 150,
        channels: 3,
        orientation: 1,
        alpha: false,
        bitDepth: 8,
        colourSpace: 'srgb',
      },
      width: 200,
      height: 150,
      pages: 1,
      gray: false,
    });
  });
});
