import type { RgbImage, Size } from '@singan/domain';
import { encodeImage } from '@singan/imaging';
import { withBalloons } from './example/balloon.ts';
import { draw } from './example/draw.ts';
import { landscape } from './example/landscape.ts';

export const EXAMPLE_SIZE: Size = { width: 250, height: 190 };

/**
 * The picture of the demo as a PNG, drawn by these functions alone: hot-air balloons over a valley. Repeated things of all sizes
 * before a clear layout, which is what a model of a single picture can vary.
 */
export function examplePicture(size = EXAMPLE_SIZE): Promise<Buffer> {
  return encodeImage(drawExample(size), 'png');
}

export function drawExample(size = EXAMPLE_SIZE): RgbImage {
  return draw(size, (point) => withBalloons(point, landscape(point)));
}
