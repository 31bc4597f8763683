import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { plain } from './corpus.fixture.ts';
import { contactSheet } from './index.ts';

const red = await plain({ r: 255, g: 0, b: 0 }, 10, 6).png().toBuffer();
const blue = await plain({ r: 0, g: 0, b: 255 }, 300, 100).png().toBuffer();
const tall = await plain({ r: 0, g: 0, b: 255 }, 20, 100).png().toBuffer();

async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) =>
    [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)].join();
  const count = (colour: string, from = 0, to = info.height) => {
    let sum = 0;
    for (let y = from; y < to; y += 1) for (let x = 0; x < info.width; x += 1) sum += Number(at(x, y) === colour);
    return sum;
  };
  return { width: info.width, height: info.height, at, count };
}

describe('a contact sheet', () => {
  it('shows each picture in its cell below its label, small ones enlarged, large ones shrunk', async () => {
    const options = { cellPx: 60, gapPx: 4, columns: 2 };
    const sheet = await pixelsOf(
      await contactSheet(
        [
          { label: 'A', image: red },
          { label: 'B', image: blue },
          { label: 'C', image: red },
        ],
        options,
      ),
    );
    // Red twice 10x6 times 6 x 6; blue fitted to 60x20. A cell is as high as the highest of them, and its label.
    expect([sheet.width, sheet.height]).toEqual([2 * 64 + 4, 2 * (20 + 36 + 4) + 4]);
    expect(sheet.count('255,0,0')).toBe(2 * 60 * 36);
    expect(sheet.count('0,0,255')).toBe(60 * 20);
    expect(sheet.at(4, 24)).toBe('255,0,0');
    expect(sheet.at(68, 24)).toBe('0,0,255');
    expect(sheet.at(0, 0)).toBe('255,255,255');
    expect(sheet.at(sheet.width - 1, sheet.height - 1)).toBe('255,255,255');
  });

  it('draws labels without any font: an I of seven rows, doubled', async () => {
    const sheet = await pixelsOf(await contactSheet([{ label: 'I', image: red }], { cellPx: 60, gapPx: 4 }));
    // Rows 01110 00100 x 5 01110: 11 glyph pixels, each four.
    expect(sheet.count('32,32,32')).toBe(11 * 4);
    expect(sheet.at(4 + 2, 4)).toBe('32,32,32');
    expect(sheet.at(4, 4)).toBe('255,255,255');
  });

  it('writes lower case as upper case, and every unknown sign as a question mark', async () => {
    const sheet = (label: string) => contactSheet([{ label, image: red }]);
    expect((await sheet('scale 0')).equals(await sheet('SCALE 0'))).toBe(true);
    expect((await sheet('é')).equals(await sheet('?'))).toBe(true);
    expect((await sheet('7')).equals(await sheet('1'))).toBe(false);
  });

  it('keeps a long label within its cell', async () => {
    const sheet = await pixelsOf(
      await contactSheet([{ label: '#'.repeat(100), image: red }], { cellPx: 60, gapPx: 4 }),
    );
    const inked = Array.from({ length: sheet.width }, (_, x) => x).filter((x) => sheet.at(x, 4 + 2) === '32,32,32');
    expect(inked.length).toBeGreaterThan(10);
    expect(Math.max(...inked)).toBeLessThan(64);
  });

  it('writes the label of a row beside it, and keeps no space for pictures without labels', async () => {
    const options = { cellPx: 60, gapPx: 4, columns: 1, rowLabels: ['I', 'II'] };
    const sheet = await pixelsOf(await contactSheet([{ image: red }, { image: red }], options));
    // Two glyphs of five pixels and one between them, doubled, are 22 px wide; with its gap the margin is 26 px.
    expect([sheet.width, sheet.height]).toEqual([26 + 64 + 4, 2 * 40 + 4]);
    const inkOfI = 11 * 4;
    expect(sheet.count('32,32,32', 0, 40)).toBe(inkOfI);
    expect(sheet.count('32,32,32', 40)).toBe(2 * inkOfI);
    expect(sheet.at(26 + 4, 4)).toBe('255,0,0');
    expect(sheet.at(26 + 4, 44)).toBe('255,0,0');
  });

  it.each([
    ['wide', blue],
    ['small', red],
    ['tall', tall],
  ])('writes the label of a row at half the height of a %s picture', async (_, image) => {
    const options = { cellPx: 60, gapPx: 4, columns: 1, rowLabels: ['H', 'H'] };
    const sheet = await pixelsOf(await contactSheet([{ image }, { image }], options));
    const rowsOf = (colours: readonly string[]): number[] =>
      Array.from({ length: sheet.height }, (_row, y) => y).filter((y) =>
        colours.some((c) => sheet.count(c, y, y + 1) > 0),
      );
    const centre = (rows: readonly number[]): number => rows.reduce((sum, y) => sum + y, 0) / rows.length;
    const [picture, ink] = [rowsOf(['255,0,0', '0,0,255']), rowsOf(['32,32,32'])];
    expect(ink).toHaveLength(2 * 14);
    const isFirstRow = (y: number) => y < sheet.height / 2;
    expect(Math.abs(centre(ink.filter(isFirstRow)) - centre(picture.filter(isFirstRow)))).toBeLessThanOrEqual(0.5);
    expect(Math.abs(centre(ink) - centre(picture))).toBeLessThanOrEqual(0.5);
  });

  it('gives narrow pictures the room of their labels', async () => {
    const narrow = await plain({ r: 0, g: 0, b: 255 }, 10, 160).png().toBuffer();
    const sheet = await pixelsOf(await contactSheet([{ label: 'UNMASKED', image: narrow }], { cellPx: 160, gapPx: 4 }));
    expect(sheet.width).toBe(8 * 6 - 1 + 2 * 4);
  });

  it('needs a label for every row, if for any', async () => {
    const attempt = contactSheet([{ image: red }, { image: red }], { columns: 1, rowLabels: ['start scale 3'] });
    await expect(attempt).rejects.toThrow('a label for each of 2 rows, got 1');
  });

  it('needs a picture', async () => {
    await expect(contactSheet([])).rejects.toThrow('at least one picture');
  });
});
