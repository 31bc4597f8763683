import { convActivation, convBlock } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type NamedArrays, requireArray } from '../named-arrays.ts';
import { createVariable } from '../net.ts';
import { BATCH_NORM_EPSILON } from '../net-layout.ts';

/** One 3x3 convolution: weight [3, 3, in, out] with bias [out], or with batch norm, which cancels a bias, gamma and beta [out]. */
export type LayerTensors =
  | { readonly weight: tf.Tensor4D; readonly bias: tf.Tensor1D }
  | { readonly weight: tf.Tensor4D; readonly gamma: tf.Tensor1D; readonly beta: tf.Tensor1D };

/** Layers that are trained together, at one learning rate. */
export interface Part {
  readonly layers: readonly LayerTensors[];
  /** Every trained variable by its name in files. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
}

/** Puts layers on the backend. The caller disposes with {@link disposePart}. A layer is normalised if the arrays have a gamma of it. */
export function createPart(names: readonly string[], arrays: NamedArrays): Part {
  const parameters = new Map<string, tf.Variable>();
  const create = <R extends tf.Rank>(name: string): tf.Variable<R> => {
    const variable = createVariable(requireArray(arrays, name));
    parameters.set(name, variable);
    return variable as tf.Variable<R>;
  };
  const layers = names.map((name): LayerTensors => {
    const weight = create<tf.Rank.R4>(`${name}.weight`);
    if (!arrays.has(`${name}.gamma`)) return { weight, bias: create<tf.Rank.R1>(`${name}.bias`) };
    return { weight, gamma: create<tf.Rank.R1>(`${name}.gamma`), beta: create<tf.Rank.R1>(`${name}.beta`) };
  });
  return { layers, parameters };
}

export function disposePart({ parameters }: Part): void {
  for (const variable of parameters.values()) variable.dispose();
}

/**
 * leakyRelu(conv(x)), normalised with the statistics of this very image if the layer is.
 * @param x [1, height, width, in]
 * @param slope of LeakyReLU; 1 for none
 * @returns [1, height - 2, width - 2, out]
 */
export function forwardLayer(layer: LayerTensors, x: tf.Tensor4D, slope: number): tf.Tensor4D {
  if ('bias' in layer) return convActivation({ x, ...layer, slope });
  const { y, mean, variance } = convBlock({ x, ...layer, slope, epsilon: BATCH_NORM_EPSILON });
  tf.dispose([mean, variance]);
  return y;
}
