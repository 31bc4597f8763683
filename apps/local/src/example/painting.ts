import type { RgbImage, Size } from '@singan/domain';
import { type Colour, fromHex } from './colour.ts';
import { draw } from './draw.ts';
import type { Point } from './landscape.ts';

/** A shape of the painting, flat as cut from paper. */
interface Blob {
  readonly centre: Point;
  readonly radius: Point;
  readonly colour: Colour;
}

const SKY = fromHex('7fb0de');
const CLOUD = fromHex('f3ead9');
const RED = fromHex('cf2f36');
const YELLOW = fromHex('f2b93a');
const BLUE = fromHex('2d5fa8');

/** In front first. */
const BLOBS: readonly Blob[] = [
  { centre: [0.93, 0.34], radius: [0.15, 0.17], colour: RED },
  { centre: [0.4, 0.2], radius: [0.09, 0.105], colour: BLUE },
  { centre: [0.2, 0.42], radius: [0.06, 0.07], colour: YELLOW },
  { centre: [0.65, 0.5], radius: [0.045, 0.05], colour: RED },
  { centre: [0.12, 0.13], radius: [0.17, 0.05], colour: CLOUD },
  { centre: [0.7, 0.08], radius: [0.16, 0.04], colour: CLOUD },
  { centre: [1.22, 0.15], radius: [0.14, 0.05], colour: CLOUD },
];

/** Hills from near to far: height at the left, in the middle and at the right. */
const HILLS = [
  { line: [0.86, 0.8, 0.88], colour: fromHex('7fa341') },
  { line: [0.74, 0.79, 0.72], colour: fromHex('4f7a42') },
  { line: [0.68, 0.63, 0.69], colour: fromHex('8299a8') },
] as const;

/** A painting as one makes it in a minute: other balloons over another valley, in flat colours. */
export function drawPainting(size: Size): RgbImage {
  return draw(size, paintedColour);
}

function paintedColour([x, y]: Point): Colour {
  const blob = BLOBS.find(
    ({ centre, radius }) => Math.hypot((x - centre[0]) / radius[0], (y - centre[1]) / radius[1]) < 1,
  );
  if (blob !== undefined) return blob.colour;
  return HILLS.find(({ line }) => y > hillAt(line, x))?.colour ?? SKY;
}

/** A parabola through the three heights. */
function hillAt([left, middle, right]: readonly [number, number, number], x: number): number {
  const t = x / 1.316;
  return left * (1 - t) * (1 - 2 * t) + 4 * middle * t * (1 - t) + right * t * (2 * t - 1);
}
