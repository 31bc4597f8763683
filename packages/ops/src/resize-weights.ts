/** Weights of one axis: dense for matrix products, and as `taps` consecutive weights per output for kernels that walk them. */
export interface ResizeWeights {
  /** [output, input], row-major; each row sums to 1. */
  readonly matrix: Float32Array;
  /** Input positions with a weight, per output: [output, taps], mirrored into range and padded with weight 0. */
  readonly positions: Int32Array;
  /** [output, taps] */
  readonly values: Float32Array;
  readonly taps: number;
}

/** A whole pyramid needs two per step between neighbouring scales; more is not worth holding. */
const CACHE_ENTRIES = 128;
const cache = new Map<string, ResizeWeights>();

/**
 * Weights that take `input` samples to `output`: bicubic (a = -0.5), stretched by input/output when shrinking,
 * sampled at (i + 0.5) input/output - 0.5, normalised, with the edge mirrored (edge sample repeated). Do not modify the arrays.
 */
export function resizeWeights(input: number, output: number): ResizeWeights {
  const key = `${input}:${output}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (!isPositiveInteger(input) || !isPositiveInteger(output)) {
    throw new RangeError(`resizeWeights expects positive integer sizes, got input ${input}, output ${output}`);
  }
  const computed = computeWeights(input, output);
  const oldest = cache.keys().next();
  if (cache.size >= CACHE_ENTRIES && !oldest.done) cache.delete(oldest.value);
  cache.set(key, computed);
  return computed;
}

function isPositiveInteger(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

function computeWeights(input: number, output: number): ResizeWeights {
  const stretch = Math.max(1, input / output);
  const reach = 2 * stretch;
  const taps = Math.ceil(2 * reach) + 1;
  const matrix = new Float64Array(output * input);
  const positions = new Int32Array(output * taps);
  const values = new Float32Array(output * taps);
  for (let i = 0; i < output; i++) {
    const center = ((i + 0.5) * input) / output - 0.5;
    const first = Math.ceil(center - reach);
    const weights = Array.from({ length: taps }, (_, tap) => cubic((first + tap - center) / stretch));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [tap, weight] of weights.entries()) {
      const position = mirror(first + tap, input);
      positions[i * taps + tap] = position;
      values[i * taps + tap] = weight / total;
      const cell = i * input + position;
      matrix[cell] = (matrix[cell] ?? 0) + weight / total;
    }
  }
  return { matrix: Float32Array.from(matrix), positions, values, taps };
}

/** Keys' cubic convolution with a = -0.5. */
function cubic(t: number): number {
  const d = Math.abs(t);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  if (d < 2) return ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return 0;
}

/** ... 1 0 | 0 1 2 ... size-1 | size-1 size-2 ... */
function mirror(position: number, size: number): number {
  const period = 2 * size;
  const wrapped = ((position % period) + period) % period;
  return wrapped < size ? wrapped : period - 1 - wrapped;
}
