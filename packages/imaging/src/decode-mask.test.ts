import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Corpus, createCorpus, gradient, plain } from './corpus.fixture.ts';
import { canonicalize, canonicalizeWithAlpha, decodeMask, type UploadLimits } from './index.ts';

const limits: UploadLimits = { maxBytes: 2 ** 20, maxPixels: 1_000_000, maxSidePx: 5000 };

let corpus: Corpus;
beforeAll(async () => {
  corpus = await createCorpus();
});
afterAll(() => corpus.remove());

async function uploaded(picture: Sharp, format: 'png' | 'webp' | 'jpeg' = 'png') {
  const path = await corpus.write(`mask.${format}`, await picture.toFormat(format).toBuffer());
  return canonicalizeWithAlpha(path, limits);
}

/** The one value of a mask of one colour. */
async function markOf(picture: Sharp): Promise<number> {
  const { data } = await decodeMask((await uploaded(picture)).png);
  expect(new Set(data).size).toBe(1);
  return data[0] ?? Number.NaN;
}

describe('a canonical picture with alpha', () => {
  it('has four channels, with the colours behind transparent pixels untouched', async () => {
    const image = await uploaded(plain({ r: 200, g: 100, b: 50, alpha: 0.2 }));
    expect(image).toMatchObject({ width: 12, height: 8, source: { alpha: true, channels: 4 } });
    const { data, info } = await sharp(image.png).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(4);
    expect([...data.subarray(0, 4)]).toEqual([200, 100, 50, 51]);
  });

  it.each([
    ['colour', plain({ r: 90, g: 90, b: 90 }), 255],
    ['gray', plain({ r: 90, g: 90, b: 90 }).toColourspace('b-w'), 255],
    ['gray of 16 bit', plain({ r: 90, g: 90, b: 90 }).toColourspace('grey16'), 255],
    ['gray and alpha', plain({ r: 90, g: 90, b: 90, alpha: 0.5 }).toColourspace('b-w'), 128],
    ['colour and alpha of 16 bit', plain({ r: 90, g: 90, b: 90, alpha: 0.5 }).toColourspace('rgb16'), 128],
  ])('has 8 bit and the alpha of the file, or is opaque: %s', async (_, picture, alpha) => {
    const { png } = await uploaded(picture);
    expect(await sharp(png).metadata()).toMatchObject({ channels: 4, depth: 'uchar' });
    expect([...(await sharp(png).raw().toBuffer()).subarray(0, 4)]).toEqual([90, 90, 90, alpha]);
  });

  it('is turned upright', async () => {
    const bytes = await gradient(30, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = await canonicalizeWithAlpha(await corpus.write('turned.jpg', bytes), limits);
    expect([image.width, image.height]).toEqual([20, 30]);
  });

  it('passes the same checks as any upload', async () => {
    const text = await corpus.write('text.png', Buffer.from('no picture'));
    await expect(canonicalizeWithAlpha(text, limits)).rejects.toMatchObject({ code: 'image.unsupported_format' });
    const large = await corpus.write('large.png', await gradient(60, 40).png().toBuffer());
    const narrow = { ...limits, maxPixels: 1000 };
    await expect(canonicalizeWithAlpha(large, narrow)).rejects.toMatchObject({ code: 'image.too_many_pixels' });
    const cut = await corpus.write('cut.png', (await gradient(60, 40).png().toBuffer()).subarray(0, 200));
    await expect(canonicalizeWithAlpha(cut, limits)).rejects.toMatchObject({ code: 'image.corrupt' });
  });
});

describe('a pixel of a mask', () => {
  it.each([
    ['white', { r: 255, g: 255, b: 255 }, 1],
    ['black', { r: 0, g: 0, b: 0 }, 0],
    ['at the threshold', { r: 128, g: 128, b: 128 }, 1],
    ['below the threshold', { r: 127, g: 127, b: 127 }, 0],
    ['red', { r: 255, g: 0, b: 0 }, 1],
    ['blue', { r: 0, g: 0, b: 255 }, 1],
    ['white, nearly transparent', { r: 255, g: 255, b: 255, alpha: 0.2 }, 0],
    ['white, half transparent', { r: 255, g: 255, b: 255, alpha: 0.51 }, 1],
    ['black, half transparent', { r: 0, g: 0, b: 0, alpha: 0.5 }, 0],
    ['gray over black by its alpha', { r: 160, g: 160, b: 160, alpha: 0.7 }, 0],
  ])('counts by its brightest channel over black: %s', async (_, colour, expected) => {
    expect(await markOf(plain(colour))).toBe(expected);
  });

  it('counts in files of 16 bit and of gray alike', async () => {
    expect(await markOf(plain({ r: 128, g: 128, b: 128 }).toColourspace('grey16'))).toBe(1);
    expect(await markOf(plain({ r: 127, g: 127, b: 127 }).toColourspace('grey16'))).toBe(0);
    expect(await markOf(plain({ r: 255, g: 255, b: 255, alpha: 0.2 }).toColourspace('b-w'))).toBe(0);
  });

  it('keeps its place', async () => {
    const left = plain({ r: 255, g: 255, b: 255 }, 3, 5).extend({ right: 4, bottom: 1, background: '#000000' });
    const { width, height, data } = await decodeMask((await uploaded(left)).png);
    expect([width, height]).toEqual([7, 6]);
    const expected = Uint8Array.from({ length: 42 }, (_, index) => Number(index % 7 < 3 && index < 35));
    expect(data).toEqual(expected);
  });

  it('is read from a picture of three channels too', async () => {
    const path = await corpus.write('rgb.png', await plain({ r: 255, g: 255, b: 255 }).png().toBuffer());
    expect((await decodeMask((await canonicalize(path, limits)).png)).data.every((value) => value === 1)).toBe(true);
  });

  it('is not read from damaged bytes', async () => {
    const { png } = await uploaded(gradient(60, 40));
    await expect(decodeMask(png.subarray(0, 200))).rejects.toMatchObject({ code: 'image.corrupt' });
  });
});
