/** A number in [0, 1) for a lattice point: the same one everywhere, always. */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x1_0000_0000;
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp01((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** Value noise in [0, 1): lattice values, smoothly interpolated. */
function valueNoise(x: number, y: number, seed: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [tx, ty] = [smoothstep(0, 1, x - x0), smoothstep(0, 1, y - y0)];
  const top = mix(hash(x0, y0, seed), hash(x0 + 1, y0, seed), tx);
  const bottom = mix(hash(x0, y0 + 1, seed), hash(x0 + 1, y0 + 1, seed), tx);
  return mix(top, bottom, ty);
}

/** Fractal noise in [0, 1): octaves of half the size and half the height, each. */
export function fractalNoise(x: number, y: number, o: { seed: number; octaves: number }): number {
  let [sum, height, total] = [0, 1, 0];
  for (let octave = 0; octave < o.octaves; octave++) {
    const frequency = 2 ** octave;
    sum += height * valueNoise(x * frequency + octave * 17.3, y * frequency - octave * 9.1, o.seed + octave);
    total += height;
    height /= 2;
  }
  return sum / total;
}
