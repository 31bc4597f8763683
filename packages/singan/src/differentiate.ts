import * as tf from '@tensorflow/tfjs-core';
import type { TrainingForward } from './forward-training.ts';
import type { Net } from './net.ts';
import { type BatchStatistics, feedRunningStatistics, type RunningStatistics } from './running-statistics.ts';
import type { Trainable } from './trainable.ts';

/** A forward pass whose statistics belong in the running statistics of its net. */
interface Pass {
  readonly running: RunningStatistics | null;
  readonly statistics: readonly BatchStatistics[];
}

export interface Loss<Term extends string> {
  /** Summands of the loss, weights included. */
  readonly terms: Readonly<Record<Term, tf.Scalar>>;
  /** In the order they were made; none for nets without running statistics. */
  readonly passes?: readonly Pass[];
}

export interface Gradients<Term extends string> {
  readonly terms: Readonly<Record<Term, tf.Scalar>>;
  /** One per parameter of the net, in their order. */
  readonly gradients: readonly tf.Tensor[];
}

/** Notes the passes of a loss while it is made. */
export function notePasses() {
  const passes: Pass[] = [];
  const outputOf = ({ running }: Net, { output, statistics }: TrainingForward): tf.Tensor4D => {
    passes.push({ running, statistics });
    return output;
  };
  return { passes, outputOf };
}

/** Feeds the running statistics of the nets that the passes went through. */
export function feedPasses(passes: readonly Pass[]): void {
  for (const { running, statistics } of passes) feedRunningStatistics(running, statistics);
}

/**
 * Gradient of a loss, the sum of its terms, by every parameter of `net`; feeds the running statistics of all nets it went through.
 * Terms and gradients belong to the caller, or to the tf.tidy around.
 */
export function differentiate<Term extends string>(net: Trainable, loss: () => Loss<Term>): Gradients<Term> {
  let evaluated: Loss<Term> | undefined;
  const variables = [...net.parameters.values()];
  const { value, grads } = tf.variableGrads(() => {
    evaluated = loss();
    const terms = Object.values<tf.Scalar>(evaluated.terms);
    // What is needed besides the total would die with the scope of the forward pass.
    for (const term of terms) tf.keep(term);
    return tf.addN(terms);
  }, variables);
  const { terms: kept, passes = [] } = evaluated as Loss<Term>;
  feedPasses(passes);
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
