import {
  adamUpdateKernel,
  convActivationGradGradKernel,
  convActivationGradKernel,
  convActivationKernel,
  convBlockGradGradKernel,
  convBlockGradKernel,
  convBlockKernel,
  convFilterGradKernel,
  convInputGradKernel,
  convKernel,
  resizeGradKernel,
  resizeKernel,
} from '@singan/ops';
import { type KernelBackend, registerKernel, type TensorInfo, unregisterKernel } from '@tensorflow/tfjs-core';
import { wasmAdamUpdate } from './adam-update.ts';
import { wasmConv, wasmConvFilterGrad, wasmConvInputGrad } from './conv.ts';
import { wasmConvActivation, wasmConvActivationGrad, wasmConvActivationGradGrad } from './conv-activation.ts';
import { wasmConvBlock } from './conv-block.ts';
import { wasmConvBlockGrad } from './conv-block-grad.ts';
import { wasmConvBlockGradGrad } from './conv-block-grad-grad.ts';
import { wasmResize, wasmResizeGrad } from './resize.ts';

/** The wasm backend's own versions of this project's kernels; the rest is composed. Idempotent. */
export function registerWasmKernels(): void {
  if (convBlockKernel.isImplemented('wasm')) return;
  shareDataInIdentity();
  convBlockKernel.implement('wasm', wasmConvBlock);
  convBlockGradKernel.implement('wasm', wasmConvBlockGrad);
  convBlockGradGradKernel.implement('wasm', wasmConvBlockGradGrad);
  convActivationKernel.implement('wasm', wasmConvActivation);
  convActivationGradKernel.implement('wasm', wasmConvActivationGrad);
  convActivationGradGradKernel.implement('wasm', wasmConvActivationGradGrad);
  convKernel.implement('wasm', wasmConv);
  convInputGradKernel.implement('wasm', wasmConvInputGrad);
  convFilterGradKernel.implement('wasm', wasmConvFilterGrad);
  resizeKernel.implement('wasm', wasmResize);
  resizeGradKernel.implement('wasm', wasmResizeGrad);
  adamUpdateKernel.implement('wasm', wasmAdamUpdate);
}

/**
 * TF.js saves every tensor a gradient needs through Identity, and the wasm backend's Identity copies the values: 2 % of a
 * training iteration and twice the memory. Tensors never change, so a shared reference will do, as in its Reshape.
 */
function shareDataInIdentity(): void {
  unregisterKernel('Identity', 'wasm');
  registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const { x } = inputs as { x: TensorInfo };
      (backend as KernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
