import { blend, type Colour, fromHex, lighten } from './colour.ts';
import { fractalNoise, hash, smoothstep } from './noise.ts';

/** Both coordinates in units of the picture's height; y downwards. */
export type Point = readonly [number, number];

const HORIZON = 0.66;
const SKY_TOP = fromHex('2f6db5');
const SKY_MIDDLE = fromHex('a5c8e6');
const SKY_LOW = fromHex('f6d9b0');
const CLOUD_LIGHT = fromHex('fff4e2');
const CLOUD_SHADE = fromHex('9fb0cc');

/** Ridges from far to near; the far ones are lost in haze. */
const RIDGES = [
  { top: 0.6, rise: 0.1, frequency: 2.2, colour: fromHex('8fa3bf'), forest: 0.0, seed: 11 },
  { top: 0.655, rise: 0.08, frequency: 3.1, colour: fromHex('6f8f92'), forest: 0.35, seed: 23 },
  { top: 0.71, rise: 0.07, frequency: 2.6, colour: fromHex('5d8a4e'), forest: 0.8, seed: 37 },
] as const;
const MEADOW = { top: 0.79, rise: 0.06, frequency: 1.7, seed: 53 };
const FLOWERS = [fromHex('d8333a'), fromHex('f2b632'), fromHex('e9e3ee'), fromHex('b53a8c')] as const;

/** A wide valley under summer clouds: what lies behind the balloons. */
export function landscape(point: Point): Colour {
  const meadow = ridgeLine(point[0], MEADOW);
  if (point[1] > meadow) return meadowColour(point, meadow);
  for (const ridge of RIDGES.toReversed()) {
    const line = ridgeLine(point[0], ridge);
    const trees = treeTops(point[0], ridge);
    if (point[1] > line - trees) return ridgeColour(point, ridge, { line, trees });
  }
  return skyColour(point);
}

function ridgeLine(x: number, o: { top: number; rise: number; frequency: number; seed: number }): number {
  return o.top + o.rise * (0.5 - fractalNoise(x * o.frequency, o.seed, { seed: o.seed, octaves: 3 }));
}

/** Round crowns of unequal height along a ridge. */
function treeTops(x: number, { forest, seed }: { forest: number; seed: number }): number {
  if (forest === 0) return 0;
  const spacing = 0.028;
  const cell = Math.floor(x / spacing);
  let top = 0;
  for (const neighbour of [cell - 1, cell, cell + 1]) {
    if (hash(neighbour, 7, seed) > forest) continue;
    const centre = (neighbour + 0.25 + 0.5 * hash(neighbour, 3, seed)) * spacing;
    const radius = spacing * (0.5 + 0.35 * hash(neighbour, 5, seed));
    const distance = (x - centre) / radius;
    if (Math.abs(distance) < 1) top = Math.max(top, radius * 1.25 * Math.sqrt(1 - distance * distance));
  }
  return top * 0.8;
}

function skyColour([x, y]: Point): Colour {
  const upper = blend(SKY_TOP, SKY_MIDDLE, smoothstep(-0.1, 0.5, y));
  const sky = blend(upper, SKY_LOW, smoothstep(0.3, HORIZON, y));
  // Clouds flatten towards the horizon, as seen from below.
  const depth = 0.35 / (HORIZON + 0.12 - y);
  const [u, v] = [x * (1.1 + depth), y * 4.2 + depth * 2];
  const warp = fractalNoise(u * 1.7, v * 1.7, { seed: 3, octaves: 3 }) - 0.5;
  const density = fractalNoise(u * 1.5 + warp, v * 1.3 + warp, { seed: 5, octaves: 6 });
  const lit = fractalNoise(u * 1.5 + warp - 0.1, v * 1.3 + warp - 0.16, { seed: 5, octaves: 5 });
  const cover = smoothstep(0.48, 0.66, density);
  const cloud = blend(CLOUD_SHADE, CLOUD_LIGHT, 0.75 + (density - lit) * 5);
  return blend(sky, cloud, cover * 0.92);
}

function ridgeColour([x, y]: Point, ridge: (typeof RIDGES)[number], o: { line: number; trees: number }): Colour {
  const below = y - o.line;
  const bark = fractalNoise(x * 90, y * 70, { seed: ridge.seed, octaves: 3 });
  const patches = fractalNoise(x * 7, y * 26, { seed: ridge.seed + 1, octaves: 3 });
  // Crowns are lit from above and dark between the trunks.
  const shade = ridge.forest * 0.45 * smoothstep(0, 0.03, below + o.trees) * smoothstep(0.035, 0.01, below);
  const textured = lighten(ridge.colour, 0.72 + 0.5 * bark * ridge.forest + 0.3 * (1 - ridge.forest) - shade);
  const fields = blend(
    textured,
    fromHex('c9b458'),
    ridge.forest * 0.55 * smoothstep(0.52, 0.62, patches) * smoothstep(0.02, 0.05, below),
  );
  return blend(fields, SKY_LOW, 0.25 * smoothstep(0, 0.12, below));
}

/** Grass in tufts, with rows of flowers that grow wider apart towards the viewer. */
function meadowColour([x, y]: Point, line: number): Colour {
  const depth = (y - line) / (1 - MEADOW.top);
  const scale = 1 / (0.16 + depth);
  const [u, v] = [(x - 0.65) * scale * 2.6, Math.log(0.16 + depth) * 7];
  const tufts = fractalNoise(u * 10, v * 9, { seed: 61, octaves: 5 });
  const broad = fractalNoise(x * 3, y * 6, { seed: 67, octaves: 3 });
  const grass = blend(fromHex('35662a'), fromHex('a3bf4f'), 0.15 + tufts * 0.65 + (broad - 0.5) * 0.8);
  return flower([u * 4.2, v * 2.6], grass);
}

function flower([u, v]: Point, grass: Colour): Colour {
  const [cellX, cellY] = [Math.floor(u), Math.floor(v)];
  // Each colour keeps to its own rows, with gaps.
  const row = Math.floor(v / 2);
  const petals = FLOWERS[Math.floor(hash(row, 1, 71) * FLOWERS.length)] ?? FLOWERS[0];
  if (hash(row, 2, 71) < 0.2 || hash(cellX, cellY, 73) < 0.3) return grass;
  const [dx, dy] = [u - cellX - 0.5 - 0.3 * (hash(cellX, cellY, 79) - 0.5), v - cellY - 0.5];
  const distance = Math.hypot(dx, dy);
  const lit = lighten(petals, 0.75 + 0.5 * smoothstep(0.3, -0.3, dx + dy));
  return blend(lit, grass, smoothstep(0.32, 0.42, distance));
}
