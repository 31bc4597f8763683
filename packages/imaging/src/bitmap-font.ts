/** Size of a glyph, and the step to the next one, in its own pixels. */
const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;
const ADVANCE = GLYPH_WIDTH + 1;

/**
 * Seven rows of five pixels, two hexadecimal digits a row, the leftmost pixel in bit 4. Drawn here because text rendering needs
 * installed fonts, which a server may lack. Lower case is drawn as upper case.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  ' ': '00000000000000',
  '?': '0e110102040004',
  '.': '00000000000c0c',
  ',': '00000000000c08',
  ':': '000c0c000c0c00',
  '-': '0000001f000000',
  '+': '0004041f040400',
  '=': '00001f001f0000',
  '/': '00010204081000',
  '(': '02040808080402',
  ')': '08040202020408',
  '%': '18190204081303',
  _: '0000000000001f',
  '#': '0a0a1f0a1f0a0a',
  0: '0e11131519110e',
  1: '040c040404040e',
  2: '0e11010204081f',
  3: '1f02040201110e',
  4: '02060a121f0202',
  5: '1f101e0101110e',
  6: '0608101e11110e',
  7: '1f010204080808',
  8: '0e11110e11110e',
  9: '0e11110f01020c',
  A: '0e11111f111111',
  B: '1e11111e11111e',
  C: '0e11101010110e',
  D: '1c12111111121c',
  E: '1f10101e10101f',
  F: '1f10101e101010',
  G: '0e11101711110f',
  H: '1111111f111111',
  I: '0e04040404040e',
  J: '0702020202120c',
  K: '11121418141211',
  L: '1010101010101f',
  M: '111b1515111111',
  N: '11111915131111',
  O: '0e11111111110e',
  P: '1e11111e101010',
  Q: '0e11111115120d',
  R: '1e11111e141211',
  S: '0f10100e01011e',
  T: '1f040404040404',
  U: '1111111111110e',
  V: '11111111110a04',
  W: '1111111515150a',
  X: '11110a040a1111',
  Y: '1111110a040404',
  Z: '1f01020408101f',
};

const UNKNOWN = '0e110102040004';

/** Width of a text in glyph pixels. */
export function textWidth(text: string): number {
  return Math.max(0, [...text].length * ADVANCE - 1);
}

/** Calls `paint` for every inked pixel of a text, in glyph pixels from its top left corner. */
export function drawText(text: string, paint: (x: number, y: number) => void): void {
  for (const [index, character] of [...text.toUpperCase()].entries()) {
    const rows = Buffer.from(GLYPHS[character] ?? UNKNOWN, 'hex');
    for (const [y, row] of rows.entries()) {
      for (let x = 0; x < GLYPH_WIDTH; x += 1) {
        if ((row >> (GLYPH_WIDTH - 1 - x)) & 1) paint(index * ADVANCE + x, y);
      }
    }
  }
}
