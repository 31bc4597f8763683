import type * as tf from '@tensorflow/tfjs-core';
import { type ConvLayer, createBiasedLayer, createNormalisedLayer } from '../conv-layer.ts';
import type { NamedArrays } from '../named-arrays.ts';
import { createParameters, type Trainable } from '../trainable.ts';

/** Layers that are trained together, at one learning rate. */
export interface Part extends Trainable {
  readonly layers: readonly ConvLayer[];
}

/** Puts layers on the backend, by their names in files. The caller disposes with `disposeTrainable`. */
export function createPart(names: readonly string[], arrays: NamedArrays): Part {
  const { parameters, create } = createParameters(arrays);
  return { layers: names.map((name) => createNamedLayer(name, arrays, create)), parameters };
}

/**
 * A layer of the growing generator or its discriminator, normalised if the arrays have a gamma of it.
 * @param create makes the array of a name
 */
export function createNamedLayer(
  name: string,
  arrays: NamedArrays,
  create: <R extends tf.Rank>(name: string) => tf.Tensor<R>,
): ConvLayer {
  const createLayer = arrays.has(`${name}.gamma`) ? createNormalisedLayer : createBiasedLayer;
  return createLayer((part) => create(`${name}.${part}`));
}
