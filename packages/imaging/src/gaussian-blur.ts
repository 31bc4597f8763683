export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Row-major, one value a pixel. */
  readonly data: Float32Array;
}

export interface GaussianOptions {
  readonly sigmaPx: number;
  /** Sigmas after which the kernel ends. */
  readonly truncate: number;
}

/** Sixteen float32 values are a line of the cache. */
const BAND_ROWS = 16;

/**
 * Gaussian blur: a kernel of radius floor(truncate sigma + 1/2) whose weights sum to 1, along rows, then along columns; beyond the
 * border the border's pixel is repeated. Where all that the kernel sees is one value, that value is exactly what comes out.
 *
 * w(i) = exp(-i^2 / (2 sigma^2)) / sum of all
 */
export function gaussianBlur(plane: Plane, options: GaussianOptions): Plane {
  const weights = halfKernel(options);
  return transpose(blurRows(transpose(blurRows(plane, weights)), weights));
}

/** The weights from the centre to one side; the other side is the same. */
function halfKernel({ sigmaPx, truncate }: GaussianOptions): Float64Array {
  const radius = Math.floor(truncate * sigmaPx + 0.5);
  const half = Float64Array.from({ length: radius + 1 }, (_, at) => Math.exp(-(at ** 2) / (2 * sigmaPx ** 2)));
  const sum = half.reduce((total, weight, at) => total + (at === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

function blurRows({ width, height, data }: Plane, weights: Float64Array): Plane {
  const radius = weights.length - 1;
  const padded = new Float64Array(width + 2 * radius);
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += width) {
    const row = data.subarray(start, start + width);
    padded.fill(row[0] ?? 0, 0, radius).set(row, radius);
    padded.fill(row[width - 1] ?? 0, radius + width);
    blurPadded(padded, out.subarray(start, start + width), weights);
  }
  return { width, height, data: out };
}

/** Most of a mask is of one value: passing that over took a quarter of the time of weighting every pixel. */
function blurPadded(padded: Float64Array, out: Float32Array, weights: Float64Array): void {
  const radius = weights.length - 1;
  let equalBefore = 0;
  for (let end = 0; end < padded.length; end += 1) {
    equalBefore = padded[end] === padded[end - 1] ? equalBefore + 1 : 0;
    const centre = end - radius;
    if (centre < radius) continue;
    out[centre - radius] = equalBefore >= 2 * radius ? (padded[centre] ?? 0) : weightedSum(padded, centre, weights);
  }
}

function weightedSum(values: Float64Array, centre: number, weights: Float64Array): number {
  let sum = (weights[0] ?? 0) * (values[centre] ?? 0);
  for (let at = 1; at < weights.length; at += 1) {
    sum += (weights[at] ?? 0) * ((values[centre - at] ?? 0) + (values[centre + at] ?? 0));
  }
  return sum;
}

/** In bands of a few rows: whole columns taken one by one would miss the cache at every step. */
function transpose({ width, height, data }: Plane): Plane {
  const out = new Float32Array(data.length);
  for (let top = 0; top < height; top += BAND_ROWS) {
    const bottom = Math.min(height, top + BAND_ROWS);
    for (let x = 0; x < width; x += 1) {
      for (let y = top; y < bottom; y += 1) out[x * height + y] = data[y * width + x] ?? 0;
    }
  }
  return { width: height, height: width, data: out };
}
