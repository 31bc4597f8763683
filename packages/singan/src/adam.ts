import { adamUpdate } from '@singan/ops';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { elementCount, type NamedArray, type NamedArrays, requireArray } from './named-arrays.ts';
import { createVariable, readVariables, type Trainable } from './trainable.ts';

const BETA1 = 0.5;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Moment estimates of Adam for the parameters of one net; with the number of steps done they are its whole state. */
export interface Adam {
  readonly net: Trainable;
  /** By name in files, e.g. `adam.first.generator.block1.weight`; in the order of the net's parameters. */
  readonly firstMoments: ReadonlyMap<string, Variable>;
  readonly secondMoments: ReadonlyMap<string, Variable>;
}

/** Name in files of a moment of a parameter. */
export function momentName(kind: 'first' | 'second', parameter: string): string {
  return `adam.${kind}.${parameter}`;
}

/** Shapes of the moments of parameters, by their names in files. */
export function momentShapes(
  parameters: ReadonlyArray<readonly [name: string, shape: readonly number[]]>,
): Array<[name: string, shape: readonly number[]]> {
  return (['first', 'second'] as const).flatMap((kind) =>
    parameters.map(([name, shape]): [string, readonly number[]] => [momentName(kind, name), shape]),
  );
}

/**
 * Adam for a net. The caller disposes with {@link disposeAdam}; the net stays its own.
 * @param state moments to go on with; zeros when null
 */
export function createAdam(net: Trainable, state: NamedArrays | null): Adam {
  const moments = (kind: 'first' | 'second') =>
    new Map(
      [...net.parameters].map(([parameter, { shape }]) => {
        const name = momentName(kind, parameter);
        return [name, createVariable(state ? requireArray(state, name) : zeros(shape))];
      }),
    );
  return { net, firstMoments: moments('first'), secondMoments: moments('second') };
}

function zeros(shape: readonly number[]): NamedArray {
  return { shape, data: new Float32Array(elementCount(shape)) };
}

/**
 * One step of Adam (betas 0.5 and 0.999, epsilon 1e-8) on every parameter of its net.
 * @param o.gradients one per parameter, in their order; the caller disposes them
 * @param o.step number of this step, from 1
 */
export function applyAdam(adam: Adam, o: { gradients: readonly Tensor[]; step: number; learningRate: number }): void {
  adamUpdate({
    variables: [...adam.net.parameters.values()],
    gradients: [...o.gradients],
    firstMoments: [...adam.firstMoments.values()],
    secondMoments: [...adam.secondMoments.values()],
    step: o.step,
    learningRate: o.learningRate,
    beta1: BETA1,
    beta2: BETA2,
    epsilon: EPSILON,
  });
}

export function readAdam(adam: Adam): NamedArrays {
  return new Map([...readVariables(adam.firstMoments), ...readVariables(adam.secondMoments)]);
}

export function disposeAdam(adam: Adam): void {
  for (const variable of [...adam.firstMoments.values(), ...adam.secondMoments.values()]) variable.dispose();
}
