import * as tf from '@tensorflow/tfjs-core';
import { type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';
import { arrayName, type NetRole, NORMALISED_BLOCKS } from './net-layout.ts';
import { type NetStyle, PAPER_STYLE } from './net-style.ts';
import { createRunningStatistics, type RunningStatistics, readRunningStatistics } from './running-statistics.ts';

export interface NormalisedBlock {
  /** [3, 3, in, out] */
  readonly weight: tf.Variable<tf.Rank.R4>;
  /** [out] */
  readonly gamma: tf.Variable<tf.Rank.R1>;
  /** [out] */
  readonly beta: tf.Variable<tf.Rank.R1>;
}

/** A convolution with bias: what a block is without normalisation, and block 5 always. */
interface BiasedBlock {
  /** [3, 3, in, out] */
  readonly weight: tf.Variable<tf.Rank.R4>;
  /** [out] */
  readonly bias: tf.Variable<tf.Rank.R1>;
}

/** A net that is trained. Its channels per layer are those of its weights. */
export interface Net {
  readonly role: NetRole;
  readonly style: NetStyle;
  readonly blocks: readonly (NormalisedBlock | BiasedBlock)[];
  /** Block 5. */
  readonly tail: BiasedBlock;
  /** Null but with batch norm. */
  readonly running: RunningStatistics | null;
  /** Every trained variable by its name in files, in their order. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
}

/**
 * Puts a net on the backend. The caller disposes with {@link disposeNet}.
 * @param arrays may hold more than this net, e.g. a whole scale file.
 */
export function createNet(
  role: NetRole,
  arrays: NamedArrays,
  { normalization, activation }: NetStyle = PAPER_STYLE,
): Net {
  const parameters = new Map<string, tf.Variable>();
  const create = <R extends tf.Rank>(block: number, part: string): tf.Variable<R> => {
    const name = arrayName(role, block, part);
    const variable = createVariable(requireArray(arrays, name));
    parameters.set(name, variable);
    return variable as tf.Variable<R>;
  };
  const createBiased = (block: number): BiasedBlock => ({
    weight: create<tf.Rank.R4>(block, 'weight'),
    bias: create<tf.Rank.R1>(block, 'bias'),
  });
  const createNormalised = (block: number): NormalisedBlock => ({
    weight: create<tf.Rank.R4>(block, 'weight'),
    gamma: create<tf.Rank.R1>(block, 'gamma'),
    beta: create<tf.Rank.R1>(block, 'beta'),
  });
  const createBlock = normalization === 'none' ? createBiased : createNormalised;
  const blocks = Array.from({ length: NORMALISED_BLOCKS }, (_, index) => createBlock(index + 1));
  const tail = createBiased(NORMALISED_BLOCKS + 1);
  const running = normalization === 'batch' ? createRunningStatistics(role, arrays) : null;
  return { role, style: { normalization, activation }, blocks, tail, running, parameters };
}

/** Reads a whole net back: parameters, then running statistics. */
export function readNet(net: Net): NamedArrays {
  const statistics = net.running === null ? [] : readRunningStatistics(net.running);
  return new Map([...readVariables(net.parameters), ...statistics]);
}

export function disposeNet(net: Net): void {
  for (const variable of net.parameters.values()) variable.dispose();
  net.running?.packed.dispose();
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
