import * as tf from '@tensorflow/tfjs-core';
import { latticesOf } from './patch-lattice.ts';
import type { PatchLoss } from './patch-loss.ts';
import { coverageWeights, distanceTo, type PatchTarget } from './patch-target.ts';

/** E_i |P_g(i) - P_r(i)|^2 over all places i, the square meaned over the values of a patch: the patches at the same place. */
export class AlignedPatchLoss implements PatchLoss {
  readonly #target: PatchTarget;

  constructor(real: tf.Tensor4D) {
    const [, height, width] = real.shape;
    const size = { width, height };
    this.#target = { weights: coverageWeights(size, latticesOf(size)), wanted: tf.clone(real), constant: 0 };
  }

  distance(fake: tf.Tensor4D): tf.Scalar {
    return distanceTo(this.#target, fake);
  }

  dispose(): void {
    tf.dispose([this.#target.weights, this.#target.wanted]);
  }
}
