/** Key and counter of one noise array: a pure function of these numbers, so a resumed training draws the same noise. */
export interface PhiloxKey {
  /** u32 */
  readonly seed: number;
  /** u32: what the numbers are for. */
  readonly stream: number;
  /** u32 pair: which draw of that stream. */
  readonly counter: readonly [number, number];
}

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const UNIT = 2 ** -32;

/** High 32 bits of a 32 x 32 bit product, through halves that stay exact in a double. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): replaces the four u32 of
 * `block` (the counter) by four random u32.
 */
export function philox4x32(block: Uint32Array, key0: number, key1: number): void {
  let [c0, c1, c2, c3] = block as unknown as [number, number, number, number];
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

/** Calls `use` with four random u32 for each block of four of `length` values. */
function forEachBlock(length: number, key: PhiloxKey, use: (block: Uint32Array, offset: number) => void): void {
  const [low, high] = key.counter;
  const block = new Uint32Array(4);
  for (let offset = 0; offset < length; offset += 4) {
    block[0] = offset / 4;
    block[1] = 0;
    block[2] = low;
    block[3] = high;
    philox4x32(block, key.seed >>> 0, key.stream >>> 0);
    use(block, offset);
  }
}

/** `length` uniform values in [0, 1), as doubles. */
export function philoxUniform(length: number, key: PhiloxKey): Float64Array {
  const values = new Float64Array(length);
  forEachBlock(length, key, (block, offset) => {
    for (let i = 0; i < 4; i++) values[offset + i] = (block[i] as number) * UNIT;
  });
  return values;
}

/** `length` standard normal values by Box-Muller: sqrt(-2 ln u1) (cos, sin)(2 pi u2), u1 in (0, 1]. */
export function philoxNormal(length: number, key: PhiloxKey): Float32Array {
  const values = new Float32Array(length);
  forEachBlock(length, key, (block, offset) => {
    for (let i = 0; i < 4; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(((block[i] as number) + 1) * UNIT));
      const angle = 2 * Math.PI * UNIT * (block[i + 1] as number);
      // A typed array ignores writes past its end, so the last block needs no branch.
      values[offset + i] = radius * Math.cos(angle);
      values[offset + i + 1] = radius * Math.sin(angle);
    }
  });
  return values;
}
