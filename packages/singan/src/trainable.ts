import * as tf from '@tensorflow/tfjs-core';
import { type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';

/** What a gradient is taken by and an optimiser moves: a net, or the part of one that has a learning rate of its own. */
export interface Trainable {
  /** Every trained variable by its name in files, in their order. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
}

/** Parameters that are made one by one, of the arrays of their names, and stand in the order in which they were made. */
export function createParameters(arrays: NamedArrays) {
  const parameters = new Map<string, tf.Variable>();
  const create = <R extends tf.Rank>(name: string): tf.Variable<R> => {
    const variable = createVariable(requireArray(arrays, name));
    parameters.set(name, variable);
    return variable as tf.Variable<R>;
  };
  return { parameters, create };
}

export function disposeTrainable({ parameters }: Trainable): void {
  for (const variable of parameters.values()) variable.dispose();
}

/** TF.js wants the names of variables to be unique in the process, and two trainings may run in one: it makes its own. */
export function createVariable({ shape, data }: NamedArray): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32')));
}

/** Values of variables in host memory, under the same names. */
export function readVariables(variables: ReadonlyMap<string, tf.Variable>): Map<string, NamedArray> {
  return new Map(
    [...variables].map(([name, variable]) => [
      name,
      { shape: variable.shape, data: Float32Array.from(variable.dataSync()) },
    ]),
  );
}
