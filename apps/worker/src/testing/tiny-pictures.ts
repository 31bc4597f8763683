import type { RgbImage, Size } from '@singan/domain';
import { decodeRgb, encodeImage } from '@singan/imaging';
import sharp from 'sharp';
import { TINY_SIZE } from './tiny-training.ts';

const CENTRE = { x: 12, y: 10 };
const RADIUS_PX = 3;

function isInDisk(x: number, y: number): boolean {
  return Math.hypot(x - CENTRE.x, y - CENTRE.y) <= RADIUS_PX;
}

function drawn(
  { width, height }: Size,
  colourOf: (x: number, y: number) => readonly [number, number, number],
): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    data.set(colourOf(pixel % width, Math.floor(pixel / width)), pixel * 3);
  }
  return { width, height, data };
}

/** A mask: a small disk near its upper left corner. */
export function diskMask(size: Size = TINY_SIZE): Promise<Buffer> {
  return encodeImage(
    drawn(size, (x, y) => (isInDisk(x, y) ? [1, 1, 1] : [-1, -1, -1])),
    'png',
  );
}

/** The picture with a red disk where the mask marks it. */
export async function withDisk(source: Buffer): Promise<Buffer> {
  const image = await decodeRgb(source);
  const at = (x: number, y: number): readonly [number, number, number] => {
    const start = (y * image.width + x) * 3;
    return [...image.data.subarray(start, start + 3)] as unknown as [number, number, number];
  };
  return encodeImage(
    drawn(image, (x, y) => (isInDisk(x, y) ? [0.9, -0.8, -0.8] : at(x, y))),
    'png',
  );
}

/** A red square of 8 px whose left half is transparent. */
export function halfSquareObject(): Promise<Buffer> {
  const side = 8;
  const data = Buffer.alloc(side * side * 4);
  for (let pixel = 0; pixel < side * side; pixel++) {
    data.set([230, 20, 20, pixel % side < side / 2 ? 0 : 255], pixel * 4);
  }
  return sharp(data, { raw: { width: side, height: side, channels: 4 } })
    .png()
    .toBuffer();
}

/** A painting of flat colours, of another size than the picture. */
export function flatPainting(): Promise<Buffer> {
  const painting = drawn({ width: 30, height: 20 }, (x, y) =>
    y < 10 ? [-0.4, 0.1, 0.7] : x < 15 ? [-0.6, 0, -0.7] : [0.4, 0.2, -0.5],
  );
  return encodeImage(painting, 'png');
}
