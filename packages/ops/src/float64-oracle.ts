import type { Tensor } from '@tensorflow/tfjs-core';

/** An image [height, width, channels] in double precision. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float64Array;
}

/** A filter [3, 3, channels, outputs] in double precision. */
export interface Filter {
  readonly channels: number;
  readonly outputs: number;
  readonly values: Float64Array;
}

export function imageOf(t: Tensor): Image {
  const [, height, width, channels] = t.shape as [number, number, number, number];
  return { height, width, channels, values: Float64Array.from(t.dataSync()) };
}

export function filterOf(t: Tensor): Filter {
  const [, , channels, outputs] = t.shape as [number, number, number, number];
  return { channels, outputs, values: Float64Array.from(t.dataSync()) };
}

/** Calls `visit` with the flat indices of x, weight and y of every product of a 3 x 3 convolution. */
export function forEachProduct(
  { height, width, channels }: Omit<Image, 'values'>,
  outputs: number,
  visit: (x: number, weight: number, y: number) => void,
): void {
  for (let i = 0; i < height - 2; i++) {
    for (let j = 0; j < width - 2; j++) {
      for (let tap = 0; tap < 9; tap++) {
        const pixel = ((i + Math.floor(tap / 3)) * width + j + (tap % 3)) * channels;
        for (let c = 0; c < channels; c++) {
          const [weight, y] = [(tap * channels + c) * outputs, (i * (width - 2) + j) * outputs];
          for (let o = 0; o < outputs; o++) visit(pixel + c, weight + o, y + o);
        }
      }
    }
  }
}

export function convolve(x: Image, { outputs, values }: Filter): Image {
  const [height, width] = [x.height - 2, x.width - 2];
  const y = new Float64Array(height * width * outputs);
  forEachProduct(x, outputs, (a, b, c) => {
    y[c] = (y[c] as number) + (x.values[a] as number) * (values[b] as number);
  });
  return { height, width, channels: outputs, values: y };
}

export interface Statistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export function statisticsOf({ channels, values }: Image): Statistics {
  const pixels = values.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  values.forEach((value, i) => {
    mean[i % channels] = (mean[i % channels] as number) + value / pixels;
  });
  values.forEach((value, i) => {
    const c = i % channels;
    variance[c] = (variance[c] as number) + (value - (mean[c] as number)) ** 2 / pixels;
  });
  return { mean, variance };
}

export function normalize(image: Image, gamma: Float64Array, beta: Float64Array, epsilon = 1e-5): Image {
  const { mean, variance } = statisticsOf(image);
  const values = image.values.map((value, i) => {
    const c = i % image.channels;
    const normalized = (value - (mean[c] as number)) / Math.sqrt((variance[c] as number) + epsilon);
    return normalized * (gamma[c] as number) + (beta[c] as number);
  });
  return { ...image, values };
}

export function leakyRelu(image: Image, slope: number): Image {
  return { ...image, values: image.values.map((value) => (value > 0 ? value : slope * value)) };
}
