import { createNet, discriminatorGradients, disposeNet, type NamedArrays } from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { difference, expectGradients } from '../support/expect-gradients.ts';
import { expectTerms } from '../support/expect-terms.ts';
import type { GoldenArray } from '../support/golden-array.ts';
import type { GoldenCheck } from '../support/golden-check.ts';
import { imageTensor, namedGradients } from '../support/tensors.ts';
import { fromTorch, type TorchState } from '../support/torch-state.ts';

interface DiscriminatorGolden {
  readonly lambda_grad: number;
  readonly alpha: number;
  readonly state_before: TorchState;
  readonly real: GoldenArray;
  readonly fake: GoldenArray;
  readonly losses_f64: { readonly errD_real: number; readonly errD_fake: number; readonly gradient_penalty: number };
  readonly grad_total_f64: TorchState;
  readonly grad_of_penalty_only_f64: TorchState;
}

/** Losses of the discriminator and the gradient of every parameter, through the double backward of the penalty. */
export const check: GoldenCheck = {
  prefix: 'd_lossgrad_D',
  needsEngine: true,
  run(golden) {
    const file = golden as DiscriminatorGolden;
    tf.tidy(() => {
      const total = gradientsOf(file, file.lambda_grad);
      expectGradients('gradient', total, fromTorch('discriminator', file.grad_total_f64));
      // The gradient is linear in the weight of the penalty, so a difference leaves the penalty alone.
      const penaltyAlone = difference(total, gradientsOf(file, 0), 1);
      expectGradients('penalty gradient', penaltyAlone, fromTorch('discriminator', file.grad_of_penalty_only_f64));
    });
  },
};

/** Checks the losses on the way. */
function gradientsOf(file: DiscriminatorGolden, gradientPenaltyWeight: number): NamedArrays {
  const discriminator = createNet('discriminator', fromTorch('discriminator', file.state_before));
  const { terms, gradients } = discriminatorGradients({
    discriminator,
    real: imageTensor(file.real),
    fake: imageTensor(file.fake),
    mix: file.alpha,
    gradientPenaltyWeight,
  });
  const expected = {
    discriminatorReal: file.losses_f64.errD_real,
    discriminatorFake: file.losses_f64.errD_fake,
    gradientPenalty: (file.losses_f64.gradient_penalty * gradientPenaltyWeight) / file.lambda_grad,
  };
  expectTerms(terms, { expected, relativeTolerance: 1e-4 });
  const named = namedGradients(discriminator, gradients);
  disposeNet(discriminator);
  return named;
}
