import { clamp01, mix } from './noise.ts';

/** Red, green and blue in [0, 1], as displayed. */
export type Colour = readonly [number, number, number];

export function blend(a: Colour, b: Colour, t: number): Colour {
  const share = clamp01(t);
  return [mix(a[0], b[0], share), mix(a[1], b[1], share), mix(a[2], b[2], share)];
}

export function lighten(colour: Colour, factor: number): Colour {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}

export function fromHex(hex: string): Colour {
  const value = Number.parseInt(hex, 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
