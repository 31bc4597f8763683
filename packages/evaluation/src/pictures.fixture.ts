import type { RgbImage, Size } from '@singan/domain';

/** A picture by formula, of levels 0 to 255. */
export function pictureOf(
  { width, height }: Size,
  levelAt: (x: number, y: number, channel: number) => number,
): RgbImage {
  const data = Float32Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return levelAt(pixel % width, Math.floor(pixel / width), at % 3) / 127.5 - 1;
  });
  return { width, height, data };
}

/** A busy picture: slopes, a fine pattern and squares. Another for every `kind`. */
export function texture(size: Size, kind = 0): RgbImage {
  return pictureOf(size, (x, y, channel) => {
    const slopes = x * (3 + kind) + y * 5 + channel * 29;
    const pattern = ((x * y + kind * 17 * x) % 61) * 2;
    const squares = ((Math.floor(x / 9) + Math.floor(y / 7)) % 2) * 60;
    return (slopes + pattern + squares) % 256;
  });
}

/** Numbers in [0, 1) that other languages make too: the linear congruential generator of Numerical Recipes. */
export function lcg(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

/** The picture with each level moved by up to `amount`. */
export function withNoise(image: RgbImage, amount: number, seed = 1): RgbImage {
  const noise = lcg(image.data.length, seed);
  return { ...image, data: image.data.map((value, at) => value + ((noise[at] ?? 0) * 2 - 1) * (amount / 127.5)) };
}
