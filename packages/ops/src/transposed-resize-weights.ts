import { type ResizeWeights, resizeWeights } from './resize-weights.ts';

/** The taps of `resizeWeights` seen from the other side. */
export type TransposedResizeWeights = Pick<ResizeWeights, 'positions' | 'values' | 'taps'>;

const known = new WeakMap<ResizeWeights, TransposedResizeWeights>();

/**
 * Weights of the gradient of a resize from `input` to `output` samples, which is a walk over taps as the resize is: for each of the
 * `input` samples the outputs that it is in, [input, taps], padded with weight 0. Do not modify the arrays.
 */
export function transposedResizeWeights(input: number, output: number): TransposedResizeWeights {
  const weights = resizeWeights(input, output);
  const before = known.get(weights);
  if (before !== undefined) return before;
  const transposed = transpose(weights.matrix, { input, output });
  known.set(weights, transposed);
  return transposed;
}

function transpose(
  matrix: Float32Array,
  { input, output }: { input: number; output: number },
): TransposedResizeWeights {
  const outputsOf = Array.from({ length: input }, (_, i) =>
    Array.from({ length: output }, (_, o) => o).filter((o) => matrix[o * input + i] !== 0),
  );
  const taps = Math.max(1, ...outputsOf.map((outputs) => outputs.length));
  const positions = new Int32Array(input * taps);
  const values = new Float32Array(input * taps);
  for (const [i, outputs] of outputsOf.entries()) {
    for (const [tap, o] of outputs.entries()) {
      positions[i * taps + tap] = o;
      values[i * taps + tap] = matrix[o * input + i] as number;
    }
  }
  return { positions, values, taps };
}
