import { drawText } from './bitmap-font.ts';

/** A picture of three bytes a pixel. */
export interface ByteImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const CHANNELS = 3;
const WHITE = 255;
const INK = 32;

export function whiteCanvas(width: number, height: number): ByteImage {
  return { width, height, data: new Uint8Array(width * height * CHANNELS).fill(WHITE) };
}

/** Copies a picture onto the canvas, each pixel as a square of `factor` pixels (nearest neighbour). It must lie inside. */
export function placeImage(canvas: ByteImage, image: ByteImage, at: { x: number; y: number; factor: number }): void {
  const widthBytes = image.width * at.factor * CHANNELS;
  for (let y = 0; y < image.height * at.factor; y += 1) {
    const line = ((at.y + y) * canvas.width + at.x) * CHANNELS;
    const source = Math.floor(y / at.factor) * image.width;
    for (let byte = 0; byte < widthBytes; byte += 1) {
      const pixel = source + Math.floor(byte / (CHANNELS * at.factor));
      canvas.data[line + byte] = image.data[pixel * CHANNELS + (byte % CHANNELS)] ?? WHITE;
    }
  }
}

/** Writes a text in dark gray; what lies outside the canvas is cut off. */
export function placeText(canvas: ByteImage, text: string, at: { x: number; y: number; factor: number }): void {
  drawText(text, (glyphX, glyphY) => {
    for (let offset = 0; offset < at.factor ** 2; offset += 1) {
      const x = at.x + glyphX * at.factor + (offset % at.factor);
      const y = at.y + glyphY * at.factor + Math.floor(offset / at.factor);
      if (x >= canvas.width || y >= canvas.height) continue;
      const start = (y * canvas.width + x) * CHANNELS;
      canvas.data.fill(INK, start, start + CHANNELS);
    }
  });
}
