import type { RgbImage } from '@singan/domain';
import type { ChangedPicture } from './composite.ts';

/** A rectangle, px. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Shares of the sides of a picture, as it stands in the example: around a balloon, where it is to go, and a piece of sky. */
const BALLOON = { x: 0.584, y: 0.425, width: 0.092, height: 0.165 };
const TARGET = { x: 0.545, y: 0.12 };
const SKY = { x: 0.7, y: 0.41 };

/** The example after a rough edit: a balloon was moved, as a rectangle with its sky, and its old place covered with a piece of sky. */
export function drawEdit(example: RgbImage): ChangedPicture {
  const from = boxOf(BALLOON, example);
  const to = { ...from, ...cornerOf(TARGET, example) };
  const covered = copyBox(example, { ...from, ...cornerOf(SKY, example) }, from, example);
  const image = copyBox(example, from, to, covered);
  return { image, mask: maskOf(example, [from, to]) };
}

function cornerOf({ x, y }: { x: number; y: number }, { width, height }: RgbImage): { x: number; y: number } {
  return { x: Math.round(x * width), y: Math.round(y * height) };
}

function boxOf(share: Box, picture: RgbImage): Box {
  const { x: width, y: height } = cornerOf({ x: share.width, y: share.height }, picture);
  return { ...cornerOf(share, picture), width, height };
}

/** A picture like `onto`, but in `to` what `picture` has in `from`. */
function copyBox(picture: RgbImage, from: Box, to: Box, onto: RgbImage): RgbImage {
  const data = Float32Array.from(onto.data);
  for (let row = 0; row < from.height; row++) {
    const source = ((from.y + row) * picture.width + from.x) * 3;
    data.set(picture.data.subarray(source, source + from.width * 3), ((to.y + row) * onto.width + to.x) * 3);
  }
  return { ...onto, data };
}

function maskOf({ width, height }: RgbImage, boxes: readonly Box[]): RgbImage {
  const data = new Float32Array(width * height * 3).fill(-1);
  for (const box of boxes) {
    for (let row = box.y; row < box.y + box.height; row++) {
      data.fill(1, (row * width + box.x) * 3, (row * width + box.x + box.width) * 3);
    }
  }
  return { width, height, data };
}
