import { createNet, disposeNet, generatorGradients, type NamedArrays } from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { expectGradients } from '../support/expect-gradients.ts';
import { expectTerms } from '../support/expect-terms.ts';
import type { GoldenArray } from '../support/golden-array.ts';
import type { GoldenCheck } from '../support/golden-check.ts';
import { cropMargin, imageTensor, namedGradients } from '../support/tensors.ts';
import { fromTorch, type TorchState } from '../support/torch-state.ts';

interface GeneratorGolden {
  readonly alpha: number;
  readonly state_G: TorchState;
  readonly state_D: TorchState;
  readonly noise_in: GoldenArray;
  readonly prev: GoldenArray;
  readonly Z_opt_in: GoldenArray;
  readonly z_prev: GoldenArray;
  readonly real: GoldenArray;
  readonly losses_f64: { readonly errG: number; readonly rec_loss: number };
  readonly grad_total_f64: TorchState;
  readonly grad_adversarial_only_f64: TorchState;
}

/** Losses of the generator and the gradient of every parameter; with and without the reconstruction. */
export const check: GoldenCheck = {
  prefix: 'd_lossgrad_G',
  needsEngine: true,
  run(golden) {
    const file = golden as GeneratorGolden;
    tf.tidy(() => {
      expectGradients('gradient', gradientsOf(file, file.alpha), fromTorch('generator', file.grad_total_f64));
      expectGradients('adversarial', gradientsOf(file, 0), fromTorch('generator', file.grad_adversarial_only_f64));
    });
  },
};

/** Checks the losses on the way. */
function gradientsOf(file: GeneratorGolden, reconstructionWeight: number): NamedArrays {
  const generator = createNet('generator', fromTorch('generator', file.state_G));
  const discriminator = createNet('discriminator', fromTorch('discriminator', file.state_D));
  const { terms, gradients } = generatorGradients({
    generator,
    discriminator,
    real: imageTensor(file.real),
    input: { padded: imageTensor(file.noise_in), previous: cropMargin(imageTensor(file.prev)) },
    reconstructionInput: { padded: imageTensor(file.Z_opt_in), previous: cropMargin(imageTensor(file.z_prev)) },
    reconstructionWeight,
  });
  const expected = {
    generatorAdversarial: file.losses_f64.errG,
    reconstruction: (file.losses_f64.rec_loss * reconstructionWeight) / file.alpha,
  };
  expectTerms(terms, { expected, relativeTolerance: 1e-4 });
  const named = namedGradients(generator, gradients);
  disposeNet(generator);
  disposeNet(discriminator);
  return named;
}
