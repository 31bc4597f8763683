import type { RgbImage, Size } from '@singan/domain';
import { withBalloons } from './balloon.ts';
import { type Colour, fromHex } from './colour.ts';
import { draw, drawMask } from './draw.ts';
import { landscape, type Point } from './landscape.ts';

/** A picture that was changed, and where. */
export interface ChangedPicture {
  readonly image: RgbImage;
  readonly mask: RgbImage;
}

const CENTRE: Point = [0.86, 0.75];
const RADIUS = 0.115;
const BODY = fromHex('e03a2f');
const BAND = fromHex('f7c948');
const BASKET = fromHex('6b4428');

/** A balloon as from a sticker, flat and without shadows, stuck on the meadow. */
export function drawComposite(size: Size): ChangedPicture {
  const image = draw(size, (point) => stickerAt(point) ?? withBalloons(point, landscape(point)));
  return { image, mask: drawMask(size, (point) => stickerAt(point) !== null) };
}

function stickerAt([x, y]: Point): Colour | null {
  const [dx, dy] = [(x - CENTRE[0]) / RADIUS, (y - CENTRE[1]) / RADIUS];
  const isBasket = Math.abs(dx) < 0.2 && dy > 1.45 && dy < 1.75;
  if (isBasket) return BASKET;
  const isBall = Math.hypot(dx, dy) < 1;
  const isMouth = dy > 0 && dy < 1.4 && Math.abs(dx) < 0.95 - 0.55 * dy;
  if (!isBall && !isMouth) return null;
  return Math.abs(dy) < 0.22 ? BAND : BODY;
}
