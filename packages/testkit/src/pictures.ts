import sharp from 'sharp';

export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

type Colour = readonly [red: number, green: number, blue: number];

/** Colour, each channel in [0, 1], at a place; both coordinates in [0, 1], origin top left. */
type Painter = (x: number, y: number) => Colour;

/** Green hills, one range behind the other, below a sky with clouds: texture at every size and a clear layout. PNG, RGB, opaque. */
export function hillsPicture(options: PictureOptions): Promise<Buffer> {
  const noise = fractalNoise(options.seed);
  const ranges = [0.45, 0.58, 0.72].map((height, index) => ({ height, index }));
  return paint(options, (x, y) => {
    const cloud = smoothstep(0.5, 0.75, noise(x * 4, y * 9));
    let colour = mix(mix([0.35, 0.6, 0.9], [0.8, 0.9, 1], y * 1.6), [1, 1, 1], cloud);
    for (const { height, index } of ranges) {
      const crest = height + 0.22 * (noise(x * (3 + index), 10 * (index + 1)) - 0.5);
      if (y < crest) continue;
      const grass = noise(x * 40, y * 40 + index * 7);
      colour = mix([0.1 + 0.05 * index, 0.25 + 0.1 * index, 0.12], [0.35, 0.55, 0.2], grass);
    }
    return colour;
  });
}

/** Shaded balloons of several colours before a bright gradient: separate round objects. PNG, RGB, opaque. */
export function balloonsPicture(options: PictureOptions): Promise<Buffer> {
  const random = randomSource(options.seed);
  const balloons = Array.from({ length: 14 }, () => ({
    x: random(),
    y: random(),
    radius: 0.05 + 0.07 * random(),
    colour: [random(), random(), random()] as const,
  }));
  const aspect = options.width / options.height;
  return paint(options, (x, y) => {
    let colour: Colour = mix([0.55, 0.75, 0.95], [0.98, 0.9, 0.8], y);
    for (const balloon of balloons) {
      const dx = ((x - balloon.x) * aspect) / balloon.radius;
      const dy = (y - balloon.y) / (balloon.radius * 1.25);
      if (dx * dx + dy * dy > 1) continue;
      const light = Math.exp(-((dx + 0.4) ** 2 + (dy + 0.4) ** 2) * 3);
      colour = mix(mix([0.1, 0.1, 0.1], balloon.colour, 0.85 - 0.3 * (dx * dx + dy * dy)), [1, 1, 1], 0.7 * light);
    }
    return colour;
  });
}

/** Rounded stones in sand: one texture all over, without any layout. PNG, RGB, opaque. */
export function pebblesPicture(options: PictureOptions): Promise<Buffer> {
  const noise = fractalNoise(options.seed);
  const aspect = options.width / options.height;
  const cells = 9;
  return paint(options, (x, y) => {
    const [gap, stone] = nearestStone(x * cells * aspect, y * cells, options.seed);
    const shade = 0.45 + 0.45 * stone + 0.2 * (noise(x * 30, y * 30) - 0.5);
    const sand: Colour = mix([0.3, 0.24, 0.18], [0.5, 0.42, 0.3], noise(x * 60, y * 60));
    return mix(sand, [shade, shade * 0.97, shade * 0.9], smoothstep(0.04, 0.16, gap));
  });
}

/** Distance to the border between the two nearest stones, and a brightness of the nearest one. Each unit cell holds one stone's centre. */
function nearestStone(x: number, y: number, seed: number): [gap: number, brightness: number] {
  let [nearest, second, brightness] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let cell = 0; cell < 9; cell += 1) {
    const column = Math.floor(x) + (cell % 3) - 1;
    const row = Math.floor(y) + Math.floor(cell / 3) - 1;
    const centreX = column + 0.15 + 0.7 * hash(column, row, seed);
    const centreY = row + 0.15 + 0.7 * hash(column, row, seed + 1);
    const distance = Math.hypot(x - centreX, y - centreY);
    if (distance < nearest) [nearest, second, brightness] = [distance, nearest, hash(column, row, seed + 2)];
    else second = Math.min(second, distance);
  }
  return [second - nearest, brightness];
}

async function paint({ width, height }: PictureOptions, painter: Painter): Promise<Buffer> {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = painter((x + 0.5) / width, (y + 0.5) / height);
      data.set(
        colour.map((value) => Math.round(255 * clamp(value))),
        (y * width + x) * 3,
      );
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Sum of four octaves of value noise, about [0, 1]; period-free, the same for the same seed. */
function fractalNoise(seed: number): (x: number, y: number) => number {
  return (x, y) => {
    let sum = 0;
    for (let octave = 0; octave < 4; octave += 1) {
      sum += valueNoise(x * 2 ** octave, y * 2 ** octave, seed + 100 * octave) / 2 ** (octave + 1);
    }
    return sum / (1 - 2 ** -4);
  };
}

function valueNoise(x: number, y: number, seed: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smoothstep(0, 1, x - column), smoothstep(0, 1, y - row)];
  const top = hash(column, row, seed) * (1 - u) + hash(column + 1, row, seed) * u;
  const bottom = hash(column, row + 1, seed) * (1 - u) + hash(column + 1, row + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}

/** A number in [0, 1) for a grid point: integer mixing steps of MurmurHash3. */
function hash(column: number, row: number, seed: number): number {
  let bits = Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca77) ^ Math.imul(seed, 0xc2b2ae3d);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

function randomSource(seed: number): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return hash(drawn, 0, seed);
  };
}

function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

function mix(a: Colour, b: Colour, share: number): Colour {
  const t = clamp(share);
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
