import * as tf from '@tensorflow/tfjs-core';

/** Share of fresh noise in z_1. */
const FIRST_SHARE = 0.05;

export interface WalkOptions {
  /** z^rec, where the walk begins and is pulled back to. Stays the caller's, alive as long as the walk. */
  readonly fixed: tf.Tensor4D;
  /** a in [0, 1]: the pull back to z^rec. */
  readonly alpha: number;
  /** b in [0, 1]: how much of the last step goes on; the rest is fresh noise. */
  readonly beta: number;
  /** n of a step, of the shape of `fixed`: step 0 makes z_1, step t makes z_{t+1}. The walk disposes it. */
  readonly draw: (step: number) => tf.Tensor4D;
}

/**
 * Random walk of the noise of one scale around z^rec, the animation of the paper:
 *
 *   z_0 = z^rec,   z_1 = 0.95 z^rec + 0.05 n,   z_{t+1} = a z^rec + (1 - a) (z_t + b (z_t - z_{t-1}) + (1 - b) n)
 *
 * Owns z_t and z_{t-1} until `dispose()`.
 */
export class NoiseWalk {
  readonly #o: WalkOptions;
  #before: tf.Tensor4D;
  #current: tf.Tensor4D;
  #step = 0;

  constructor(o: WalkOptions) {
    this.#o = o;
    this.#before = tf.keep(tf.clone(o.fixed));
    this.#current = keepResult(() => tf.add(tf.mul(o.fixed, 1 - FIRST_SHARE), tf.mul(o.draw(0), FIRST_SHARE)));
  }

  /** z_t; the walk's own, alive until the next step but one. */
  get current(): tf.Tensor4D {
    return this.#current;
  }

  /** From z_t to z_{t+1}. The first call makes z_2, the noise of the first frame. */
  advance(): void {
    this.#step += 1;
    const next = keepResult(() => this.#next());
    this.#before.dispose();
    this.#before = this.#current;
    this.#current = next;
  }

  dispose(): void {
    tf.dispose([this.#before, this.#current]);
  }

  #next(): tf.Tensor4D {
    const { fixed, alpha, beta, draw } = this.#o;
    const fresh = tf.mul(draw(this.#step), 1 - beta);
    // b (z_t - z_{t-1}) + (1 - b) n
    const difference = tf.add(tf.mul(tf.sub(this.#current, this.#before), beta), fresh);
    // a z^rec + (1 - a) (z_t + difference)
    return tf.add(tf.mul(fixed, alpha), tf.mul(tf.add(this.#current, difference), 1 - alpha));
  }
}

/** The walk lives on from frame to frame, also when it is moved inside the tf.tidy of one. */
function keepResult(make: () => tf.Tensor4D): tf.Tensor4D {
  return tf.keep(tf.tidy(make));
}
