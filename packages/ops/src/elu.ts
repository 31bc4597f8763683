import { mul, neg, step, type Tensor } from '@tensorflow/tfjs-core';
import { eluKernel } from './kernels/elu.ts';
import { eluGradKernel } from './kernels/elu-grad.ts';

/**
 * ELU with alpha 1 (Clevert et al., ICLR 2016): x where x > 0, else exp(x) - 1. Differentiable twice, where TF.js's own
 * second derivative is 0.
 * @returns of the shape of x, owned by the caller.
 */
export function elu<T extends Tensor>(x: T): T {
  return eluKernel.run({ x }, {}) as T;
}

export function registerEluGradients(): void {
  eluKernel.registerGradient({
    inputsToSave: ['x'],
    gradient: (dy, [x]) => ({ x: () => eluGradKernel.run({ dy, x: x as Tensor }, {}) }),
  });
  eluGradKernel.registerGradient({
    inputsToSave: ['dy', 'x'],
    gradient: (u, saved) => {
      const [dy, x] = saved as [Tensor, Tensor];
      return {
        dy: () => eluGradKernel.run({ dy: u, x }, {}),
        // Second derivative: 0 where x > 0, else exp(x) like the first.
        x: () => eluGradKernel.run({ dy: mul(mul(u, dy), step(neg(x))), x }, {}),
      };
    },
  });
}
