import { composedAdamUpdate } from './composed/adam-update.ts';
import type { ComposedOf } from './composed/composed-of.ts';
import { composedConv, composedConvFilterGrad, composedConvInputGrad } from './composed/conv.ts';
import {
  composedConvActivation,
  composedConvActivationGrad,
  composedConvActivationGradGrad,
} from './composed/conv-activation.ts';
import { composedConvBlock, composedConvBlockGrad, composedConvBlockGradGrad } from './composed/conv-block.ts';
import { composedElu, composedEluGrad } from './composed/elu.ts';
import { composedGradientPenalty, composedGradientPenaltyGrad } from './composed/gradient-penalty.ts';
import { composedNoise } from './composed/noise.ts';
import { composedResize, composedResizeGrad } from './composed/resize.ts';
import type { Compute, Kernel, KernelOutputs } from './define-kernel.ts';
import { adamUpdateKernel } from './kernels/adam-update.ts';
import { convKernel } from './kernels/conv.ts';
import { convActivationKernel } from './kernels/conv-activation.ts';
import { convActivationGradKernel } from './kernels/conv-activation-grad.ts';
import { convActivationGradGradKernel } from './kernels/conv-activation-grad-grad.ts';
import { convBlockKernel } from './kernels/conv-block.ts';
import { convBlockGradKernel } from './kernels/conv-block-grad.ts';
import { convBlockGradGradKernel } from './kernels/conv-block-grad-grad.ts';
import { convFilterGradKernel } from './kernels/conv-filter-grad.ts';
import { convInputGradKernel } from './kernels/conv-input-grad.ts';
import { eluKernel } from './kernels/elu.ts';
import { eluGradKernel } from './kernels/elu-grad.ts';
import { gradientPenaltyKernel } from './kernels/gradient-penalty.ts';
import { gradientPenaltyGradKernel } from './kernels/gradient-penalty-grad.ts';
import { noiseKernel } from './kernels/noise.ts';
import { resizeKernel } from './kernels/resize.ts';
import { resizeGradKernel } from './kernels/resize-grad.ts';

/** Gives a backend the composed kernel wherever it has none of that name: call it after the backend's own are registered. Idempotent. */
export function registerComposedKernels(backendName: string): void {
  fill(backendName, convBlockKernel, composedConvBlock);
  fill(backendName, convBlockGradKernel, composedConvBlockGrad);
  fill(backendName, convBlockGradGradKernel, composedConvBlockGradGrad);
  fill(backendName, convActivationKernel, composedConvActivation);
  fill(backendName, convActivationGradKernel, composedConvActivationGrad);
  fill(backendName, convActivationGradGradKernel, composedConvActivationGradGrad);
  fill(backendName, convKernel, composedConv);
  fill(backendName, convInputGradKernel, composedConvInputGrad);
  fill(backendName, convFilterGradKernel, composedConvFilterGrad);
  fill(backendName, resizeKernel, composedResize);
  fill(backendName, resizeGradKernel, composedResizeGrad);
  fill(backendName, noiseKernel, composedNoise);
  fill(backendName, adamUpdateKernel, composedAdamUpdate);
  fill(backendName, eluKernel, composedElu);
  fill(backendName, eluGradKernel, composedEluGrad);
  fill(backendName, gradientPenaltyKernel, composedGradientPenalty);
  fill(backendName, gradientPenaltyGradKernel, composedGradientPenaltyGrad);
}

function fill<Inputs, Attrs, Outputs extends KernelOutputs>(
  backendName: string,
  kernel: Kernel<Inputs, Attrs, Outputs>,
  composed: ComposedOf<Kernel<Inputs, Attrs, Outputs>>,
): void {
  if (kernel.isImplemented(backendName)) return;
  kernel.implement(backendName, composed as Compute<Inputs, Attrs, Outputs>);
}
