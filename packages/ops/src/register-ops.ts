import { registerConvGradients } from './conv.ts';
import { registerConvActivationGradients } from './conv-activation.ts';
import { registerConvBlockGradients } from './conv-block.ts';
import { registerEluGradients } from './elu.ts';
import { registerGradientPenaltyGradient } from './gradient-penalty.ts';
import { registerElementwiseGradients } from './gradients/elementwise.ts';
import { registerMatMulGradient } from './gradients/mat-mul.ts';
import { registerReductionGradients } from './gradients/reductions.ts';
import { registerShapeGradients } from './gradients/shapes.ts';
import { registerResizeGradients } from './resize.ts';

/**
 * Registers the gradients of this package's ops, and of the stock ops the method uses: TF.js's Node bundle registers
 * none, and some of the stock ones are wrong in second order (see README). Idempotent; overrides earlier registrations.
 */
export function registerOps(): void {
  registerElementwiseGradients();
  registerReductionGradients();
  registerShapeGradients();
  registerMatMulGradient();
  registerConvGradients();
  registerConvBlockGradients();
  registerConvActivationGradients();
  registerEluGradients();
  registerResizeGradients();
  registerGradientPenaltyGradient();
}
