import * as tf from '@tensorflow/tfjs-core';
import { type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';
import { arrayName, type NetRole, NORMALISED_BLOCKS } from './net-layout.ts';
import { createRunningStatistics, type RunningStatistics, readRunningStatistics } from './running-statistics.ts';

interface NormalisedBlock {
  /** [3, 3, in, out] */
  readonly weight: tf.Variable<tf.Rank.R4>;
  /** [out] */
  readonly gamma: tf.Variable<tf.Rank.R1>;
  /** [out] */
  readonly beta: tf.Variable<tf.Rank.R1>;
}

/** A net that is trained. Its channels per layer are those of its weights. */
export interface Net {
  readonly role: NetRole;
  readonly blocks: readonly NormalisedBlock[];
  /** Block 5: a convolution with bias. */
  readonly tail: { readonly weight: tf.Variable<tf.Rank.R4>; readonly bias: tf.Variable<tf.Rank.R1> };
  readonly running: RunningStatistics;
  /** Every trained variable by its name in files, in their order. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
}

/**
 * Puts a net on the backend. The caller disposes with {@link disposeNet}.
 * @param arrays may hold more than this net, e.g. a whole scale file.
 */
export function createNet(role: NetRole, arrays: NamedArrays): Net {
  const parameters = new Map<string, tf.Variable>();
  const create = <R extends tf.Rank>(block: number, part: string): tf.Variable<R> => {
    const name = arrayName(role, block, part);
    const variable = createVariable(requireArray(arrays, name));
    parameters.set(name, variable);
    return variable as tf.Variable<R>;
  };
  const blocks = Array.from({ length: NORMALISED_BLOCKS }, (_, index) => ({
    weight: create<tf.Rank.R4>(index + 1, 'weight'),
    gamma: create<tf.Rank.R1>(index + 1, 'gamma'),
    beta: create<tf.Rank.R1>(index + 1, 'beta'),
  }));
  const tailBlock = NORMALISED_BLOCKS + 1;
  const tail = { weight: create<tf.Rank.R4>(tailBlock, 'weight'), bias: create<tf.Rank.R1>(tailBlock, 'bias') };
  return { role, blocks, tail, running: createRunningStatistics(role, arrays), parameters };
}

/** Reads a whole net back: parameters, then running statistics. */
export function readNet(net: Net): NamedArrays {
  return new Map([...readVariables(net.parameters), ...readRunningStatistics(net.running)]);
}

export function disposeNet(net: Net): void {
  for (const variable of [...net.parameters.values(), net.running.packed]) variable.dispose();
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
