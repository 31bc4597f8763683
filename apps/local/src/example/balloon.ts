import { blend, type Colour, fromHex, lighten } from './colour.ts';
import type { Point } from './landscape.ts';
import { smoothstep } from './noise.ts';

interface Balloon {
  readonly centre: Point;
  readonly radius: number;
  readonly colours: readonly [Colour, Colour];
  /** Stripes around the whole balloon. */
  readonly stripes: number;
  readonly turn: number;
}

const RED = fromHex('cf2f36');
const YELLOW = fromHex('f5c33b');
const BLUE = fromHex('2d5fa8');
const TEAL = fromHex('1f8f8a');
const WHITE = fromHex('f4efe6');
const ORANGE = fromHex('e9762b');
const VIOLET = fromHex('75408f');

const BALLOONS: readonly Balloon[] = [
  { centre: [0.27, 0.27], radius: 0.135, colours: [RED, YELLOW], stripes: 16, turn: 0.3 },
  { centre: [0.95, 0.2], radius: 0.105, colours: [BLUE, WHITE], stripes: 14, turn: 0.8 },
  { centre: [0.62, 0.36], radius: 0.085, colours: [ORANGE, YELLOW], stripes: 12, turn: 0.1 },
  { centre: [1.17, 0.4], radius: 0.075, colours: [RED, WHITE], stripes: 12, turn: 0.5 },
  { centre: [0.6, 0.1], radius: 0.06, colours: [TEAL, YELLOW], stripes: 10, turn: 0.2 },
  { centre: [0.09, 0.5], radius: 0.055, colours: [VIOLET, ORANGE], stripes: 10, turn: 0.6 },
  { centre: [0.83, 0.49], radius: 0.045, colours: [YELLOW, RED], stripes: 10, turn: 0.4 },
  { centre: [0.42, 0.53], radius: 0.036, colours: [BLUE, YELLOW], stripes: 8, turn: 0.9 },
  { centre: [1.23, 0.1], radius: 0.036, colours: [ORANGE, WHITE], stripes: 8, turn: 0.7 },
  { centre: [1.05, 0.58], radius: 0.026, colours: [TEAL, WHITE], stripes: 8, turn: 0.2 },
  { centre: [0.25, 0.6], radius: 0.022, colours: [RED, YELLOW], stripes: 8, turn: 0.3 },
];

const BASKET = fromHex('5b3a22');
const LIGHT: readonly [number, number, number] = [0.55, -0.6, 0.58];

/** The picture with the balloons before it. */
export function withBalloons(point: Point, behind: Colour): Colour {
  return BALLOONS.reduceRight((colour, balloon) => paint(balloon, point, colour), behind);
}

function paint(balloon: Balloon, [x, y]: Point, behind: Colour): Colour {
  const [dx, dy] = [(x - balloon.centre[0]) / balloon.radius, (y - balloon.centre[1]) / balloon.radius];
  const isBasket = Math.abs(dx) < 0.17 && dy > 1.62 && dy < 1.9;
  if (isBasket) return lighten(BASKET, 1 - 0.5 * Math.abs(dx / 0.17));
  const isRope = dy > 1.3 && dy <= 1.62 && Math.abs(Math.abs(dx) - (0.15 + (1.62 - dy) * 0.22)) < 0.03;
  if (isRope) return blend(behind, BASKET, 0.7);
  const width = envelopeWidth(dy);
  if (width === 0 || Math.abs(dx) > width) return behind;
  return envelopeColour(balloon, { dx, dy, width });
}

/** Half of the width at a height: a ball above, drawn out to the mouth below. */
function envelopeWidth(dy: number): number {
  if (dy < -1 || dy > 1.3) return 0;
  if (dy < 0.35) return Math.sqrt(Math.max(0, 1 - dy * dy));
  const t = (dy - 0.35) / 0.95;
  const [atBall, atMouth] = [Math.sqrt(1 - 0.35 * 0.35), 0.22];
  return atBall + (atMouth - atBall) * (0.62 * t + 0.38 * t * t);
}

function envelopeColour(balloon: Balloon, o: { dx: number; dy: number; width: number }): Colour {
  const across = o.dx / o.width;
  const longitude = Math.asin(across) / Math.PI + balloon.turn;
  const stripe = Math.cos(longitude * Math.PI * balloon.stripes);
  const plain = blend(balloon.colours[0], balloon.colours[1], smoothstep(-0.25, 0.25, stripe));
  const band = Math.abs(o.dy + 0.12) < 0.1 ? blend(plain, balloon.colours[0], 0.8) : plain;
  const [nx, ny] = [across * Math.min(1, o.width + 0.2), Math.max(-1, Math.min(0.7, o.dy * 0.85))];
  const nz = Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny * 0.7));
  const diffuse = Math.max(0, nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2]);
  const seam = 1 - 0.14 * smoothstep(0.55, 1, Math.abs(Math.sin(longitude * Math.PI * balloon.stripes * 2)) ** 8);
  return lighten(band, (0.42 + 0.72 * diffuse) * seam);
}
