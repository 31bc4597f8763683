import { elementCount, type NamedArray, type NamedArrays } from './named-arrays.ts';
import { type NoiseKey, normalValues, uniformValues } from './noise.ts';

/** Standard deviation of initial conv weights and of gamma around 1. */
const INITIAL_DEVIATION = 0.02;

/**
 * Arrays of a fresh net: conv ~ N(0, 0.02), gamma ~ N(1, 0.02), beta = 0, bias ~ U(-1/sqrt(fanIn), 1/sqrt(fanIn)), running mean 0 and
 * variance 1. A pure function of shapes and key.
 * @param shapes by name; each bias beside the weight, HWIO, that its fan-in is of
 * @param key of the net: `step` counts its arrays
 */
export function initialArrays(
  shapes: ReadonlyMap<string, readonly number[]>,
  key: Omit<NoiseKey, 'purpose' | 'step'>,
): NamedArrays {
  const arrays = [...shapes].map(([name, shape], step): [string, NamedArray] => {
    const weight = shapes.get(`${name.slice(0, name.lastIndexOf('.'))}.weight`) ?? shape;
    const fanIn = elementCount(weight.slice(0, -1));
    const values = { length: elementCount(shape), fanIn, key: { ...key, purpose: 'weights', step } as const };
    return [name, { shape, data: initialValues(name, values) }];
  });
  return new Map(arrays);
}

function initialValues(name: string, o: { length: number; fanIn: number; key: NoiseKey }): Float32Array {
  const part = name.slice(name.lastIndexOf('.') + 1);
  if (part === 'weight') return normalValues(o.length, o.key).map((value) => value * INITIAL_DEVIATION);
  if (part === 'gamma') return normalValues(o.length, o.key).map((value) => 1 + value * INITIAL_DEVIATION);
  if (part === 'runningVariance') return new Float32Array(o.length).fill(1);
  if (part !== 'bias') return new Float32Array(o.length);
  const bound = 1 / Math.sqrt(o.fanIn);
  return Float32Array.from(uniformValues(o.length, o.key), (value) => (2 * value - 1) * bound);
}
