import { type Tensor, util, type Variable } from '@tensorflow/tfjs-core';
import { type AdamUpdateAttrs, adamUpdateKernel } from './kernels/adam-update.ts';

export interface AdamUpdateOptions extends AdamUpdateAttrs {
  /** Updated in place. */
  readonly variables: readonly Variable[];
  /** One per variable, of its shape; not disposed. */
  readonly gradients: readonly Tensor[];
  /** One per variable, of its shape; updated in place. */
  readonly firstMoments: readonly Variable[];
  /** One per variable, of its shape; updated in place. */
  readonly secondMoments: readonly Variable[];
}

/**
 * One step of Adam (Kingma & Ba, ICLR 2015, as torch.optim.Adam) for all variables of a net:
 * m' = beta1 m + (1 - beta1) g; v' = beta2 v + (1 - beta2) g^2;
 * variable' = variable - learningRate (m' / (1 - beta1^step)) / (sqrt(v' / (1 - beta2^step)) + epsilon), step from 1.
 * All state is in the arguments, so that a resumed training goes on exactly.
 */
export function adamUpdate(o: AdamUpdateOptions): void {
  const { variables, gradients, firstMoments, secondMoments, step, learningRate, beta1, beta2, epsilon } = o;
  const parts = [variables, gradients, firstMoments, secondMoments];
  util.assert(
    parts.every((part) => part.length === variables.length),
    () => `expected as many gradients and moments as variables, got lengths ${parts.map((part) => part.length)}`,
  );
  for (const [i, { name, shape }] of variables.entries()) {
    const fits = parts.every((part) => util.arraysEqual(part[i]?.shape ?? [], shape));
    util.assert(fits, () => `expected a gradient and moments of shape [${shape}] for ${name}`);
  }
  const targets = [...variables, ...firstMoments, ...secondMoments];
  const outputs = adamUpdateKernel.run(parts.flat(), { step, learningRate, beta1, beta2, epsilon });
  for (const [i, output] of outputs.entries()) {
    targets[i]?.assign(output);
    output.dispose();
  }
}
