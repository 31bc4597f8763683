import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { gradient, plain } from './corpus.fixture.ts';
import { type Composition, composeObject, type Placement } from './index.ts';
import { pictureOf } from './picture.fixture.ts';

const background = pictureOf(20, 12, (x, y, channel) => Math.sin(x + 3 * y + channel));
const red = await plain({ r: 255, g: 0, b: 0, alpha: 1 }, 6, 4).png().toBuffer();

/** Where the object should lie, from its placement alone. */
function isInside(at: number, { x, y, scale }: Placement): boolean {
  const [column, row] = [at % 20, Math.floor(at / 20)];
  return column >= x && column < x + 6 * scale && row >= y && row < y + 4 * scale;
}

function pixelAt({ composite }: Composition, x: number, y: number): number[] {
  const start = (y * composite.width + x) * 3;
  return [...composite.data.subarray(start, start + 3)];
}

describe('an object laid on a picture', () => {
  it('covers its box and nothing else, wherever it lies', async () => {
    const placement = fc.record({
      x: fc.integer({ min: -11, max: 19 }),
      y: fc.integer({ min: -7, max: 11 }),
      scale: fc.constantFrom(2, 3),
    });
    await fc.assert(
      fc.asyncProperty(placement, async (place) => {
        const composition = await composeObject({ background, object: red, placement: place });
        const { composite, mask } = composition;
        expect([composite.width, composite.height, mask.width, mask.height]).toEqual([20, 12, 20, 12]);
        for (let at = 0; at < 240; at += 1) {
          expect(mask.data[at]).toBe(Number(isInside(at, place)));
          const expected = isInside(at, place) ? [1, -1, -1] : [...background.data.subarray(at * 3, at * 3 + 3)];
          expect(pixelAt(composition, at % 20, Math.floor(at / 20))).toEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('shows the part of it that lies inside, pixel by pixel, when it hangs over', async () => {
    const object = await gradient(30, 20).png().toBuffer();
    const bytes = await gradient(30, 20).raw().toBuffer();
    const composition = await composeObject({ background, object, placement: { x: -7, y: -3, scale: 1 } });
    for (let at = 0; at < 240; at += 1) {
      const [x, y] = [at % 20, Math.floor(at / 20)];
      const start = ((y + 3) * 30 + x + 7) * 3;
      const expected = [...bytes.subarray(start, start + 3)].map((byte) => expect.closeTo(byte / 127.5 - 1, 5));
      expect(pixelAt(composition, x, y)).toEqual(expected);
    }
  });

  it('is blended by its alpha, and marked from the half on', async () => {
    const place = { x: 2, y: 3, scale: 1 };
    for (const [alpha, marked] of [
      [0.25, 0],
      [0.75, 1],
    ] as const) {
      const object = await plain({ r: 255, g: 255, b: 0, alpha }, 6, 4).png().toBuffer();
      const composition = await composeObject({ background, object, placement: place });
      const before = background.data.subarray((3 * 20 + 2) * 3, (3 * 20 + 2) * 3 + 3);
      const stored = Math.round(alpha * 255) / 255;
      const expected = [1, 1, -1].map((value, at) => stored * value + (1 - stored) * (before[at] ?? 0));
      expect(pixelAt(composition, 2, 3)).toEqual(expected.map((value) => expect.closeTo(value, 2)));
      expect(composition.mask.data.filter((value) => value === 1).length).toBe(marked * 24);
    }
  });

  it('does not let the colour behind transparent pixels bleed in when it is scaled', async () => {
    const green = plain({ r: 0, g: 255, b: 0, alpha: 0 }, 24, 8);
    const halves = green.composite([{ input: red, left: 0, top: 0 }]);
    const gray = pictureOf(20, 12, () => 0);
    const object = await halves.png().toBuffer();
    const { composite } = await composeObject({ background: gray, object, placement: { x: 0, y: 0, scale: 0.5 } });
    const greens = composite.data.filter((_, index) => index % 3 === 1);
    expect(Math.max(...greens)).toBeLessThanOrEqual(0.01);
  });

  it('is shrunk with all its pixels, to one pixel at least', async () => {
    const stripes = Buffer.from(Array.from({ length: 64 * 64 }, (_, at) => (at % 2 === 0 ? 255 : 0)));
    const object = await sharp(stripes, { raw: { width: 64, height: 64, channels: 1 } })
      .png()
      .toBuffer();
    const composition = await composeObject({ background, object, placement: { x: 3, y: 4, scale: 1 / 16 } });
    for (const value of pixelAt(composition, 5, 6)) expect(Math.abs(value)).toBeLessThan(0.1);
    const dot = await composeObject({ background, object, placement: { x: 3, y: 4, scale: 0.0001 } });
    expect(dot.mask.data.filter((value) => value === 1).length).toBe(1);
  });

  it('may be enlarged far beyond the picture: only what is seen is computed', async () => {
    const placement = { x: -50_000, y: -40_000, scale: 20_000 };
    const { mask } = await composeObject({ background, object: red, placement });
    expect(mask.data.every((value) => value === 1)).toBe(true);
  });

  it('leaves the background as it was', async () => {
    const before = Float32Array.from(background.data);
    await composeObject({ background, object: red, placement: { x: 0, y: 0, scale: 1 } });
    expect(background.data).toEqual(before);
  });

  it.each([
    [{ x: 20, y: 0, scale: 1 }, 'x 20 to 25 and y 0 to 3'],
    [{ x: -6, y: 0, scale: 1 }, 'x -6 to -1 and y 0 to 3'],
    [{ x: 0, y: 12, scale: 2 }, 'x 0 to 11 and y 12 to 19'],
  ])('is refused wholly outside, with its place and the size: %o', async (placement, place) => {
    const attempt = composeObject({ background, object: red, placement });
    await expect(attempt).rejects.toMatchObject({
      code: 'object.outside',
      httpStatus: 422,
      message: expect.stringMatching(new RegExp(`${place}.*\\(20x12 px\\)`)),
    });
  });

  it('needs whole px, a scale above 0, and bytes that can be decoded', async () => {
    for (const wrong of [{ x: 0.5 }, { y: Number.NaN }, { scale: 0 }, { scale: Number.POSITIVE_INFINITY }]) {
      const placement = { x: 0, y: 0, scale: 1, ...wrong };
      await expect(composeObject({ background, object: red, placement })).rejects.toThrow('expected whole x and y');
    }
    for (const object of [red.subarray(0, 60), Buffer.from('nothing')]) {
      const attempt = composeObject({ background, object, placement: { x: 0, y: 0, scale: 1 } });
      await expect(attempt).rejects.toMatchObject({ code: 'image.corrupt' });
    }
  });
});
