import * as tf from '@tensorflow/tfjs-core';
import type { Net } from './net.ts';
import { type BatchStatistics, feedRunningStatistics } from './running-statistics.ts';

/** A forward pass whose statistics belong in the running statistics of its net. */
interface Pass {
  readonly net: Pick<Net, 'running'>;
  readonly statistics: readonly BatchStatistics[];
}

export interface Loss<Term extends string> {
  readonly total: tf.Scalar;
  /** Summands of the total, weights included. */
  readonly terms: Readonly<Record<Term, tf.Scalar>>;
  /** In the order they were made. */
  readonly passes: readonly Pass[];
}

export interface Gradients<Term extends string> {
  readonly terms: Readonly<Record<Term, tf.Scalar>>;
  /** One per parameter of the net, in their order. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * Gradient of a loss by every parameter of `net`; feeds the running statistics of all nets it went through.
 * Terms and gradients belong to the caller, or to the tf.tidy around.
 */
export function differentiate<Term extends string>(
  net: Pick<Net, 'parameters'>,
  loss: () => Loss<Term>,
): Gradients<Term> {
  let evaluated: Loss<Term> | undefined;
  const variables = [...net.parameters.values()];
  const { value, grads } = tf.variableGrads(() => {
    evaluated = loss();
    // What is needed besides the total would die with the scope of the forward pass.
    for (const term of Object.values<tf.Scalar>(evaluated.terms)) tf.keep(term);
    return evaluated.total;
  }, variables);
  const { terms: kept, passes } = evaluated as Loss<Term>;
  for (const { net: through, statistics } of passes) feedRunningStatistics(through.running, statistics);
  value.dispose();
  const terms = Object.fromEntries(Object.entries<tf.Scalar>(kept).map(([name, term]) => [name, release(term)]));
  return { terms: terms as Record<Term, tf.Scalar>, gradients: variables.map(({ name }) => grads[name] as tf.Tensor) };
}

/** The same tensor under the rules of the caller's scope. */
function release(kept: tf.Scalar): tf.Scalar {
  const released = tf.clone(kept);
  kept.dispose();
  return released;
}
