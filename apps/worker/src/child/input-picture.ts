import type { RgbImage } from '@singan/domain';
import { decodeRgb } from '@singan/imaging';
import { resizeImage } from '@singan/singan';
import type { WorkingSource } from '../generation-task.ts';

const CHANNELS = 3;

/** The picture of a model as it was trained on. */
export async function workingImage({ source, working }: WorkingSource): Promise<RgbImage> {
  const image = await decodeRgb(source);
  const isWorkingSize = image.width === working.width && image.height === working.height;
  return isWorkingSize ? image : resizeImage(image, working);
}

/** A picture for a model: a model of a gray one has never seen colours. */
export function asModelSees(image: RgbImage, { gray }: { gray: boolean }): RgbImage {
  return gray ? withoutColours(image) : image;
}

function withoutColours({ width, height, data }: RgbImage): RgbImage {
  const values = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += CHANNELS) {
    const sum = (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
    values.fill(sum / CHANNELS, at, at + CHANNELS);
  }
  return { width, height, data: values };
}
