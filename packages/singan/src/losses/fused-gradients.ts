import { discriminatorGradientsKernel, generatorGradientsKernel } from '@singan/ops';
import * as tf from '@tensorflow/tfjs-core';
import { feedPasses, type Gradients } from '../differentiate.ts';
import type { Net } from '../net.ts';
import { BATCH_NORM_EPSILON } from '../net-layout.ts';
import { slopeOf } from '../net-style.ts';
import type { DiscriminatorLossOptions } from './composed-discriminator-gradients.ts';
import type { GeneratorLossOptions } from './composed-generator-gradients.ts';
import type { DiscriminatorTerm, GeneratorTerm } from './wgan-gp.ts';

/** Whether the backend has whole steps of these nets as single calls. */
export function hasFusedGradients({ style }: Net): boolean {
  const isConvNet = style.normalization !== 'none' && style.activation !== 'elu';
  return isConvNet && discriminatorGradientsKernel.isImplemented(tf.getBackend());
}

/** What `discriminatorGradients` gives, in one call. */
export function fusedDiscriminatorGradients(o: DiscriminatorLossOptions): Gradients<DiscriminatorTerm> {
  const { discriminator, real, fake, mix, gradientPenaltyWeight } = o;
  const parameters = [...discriminator.parameters.values()];
  const attrs = { ...styleOf(discriminator), mix, gradientPenaltyWeight };
  const outputs = discriminatorGradientsKernel.run([real, fake, ...parameters], attrs);
  const names = ['discriminatorReal', 'discriminatorFake', 'gradientPenalty'] as const;
  return gradientsOf(outputs, names, [discriminator, discriminator, discriminator]);
}

/** What `generatorGradients` gives, in one call. */
export function fusedGeneratorGradients(o: GeneratorLossOptions): Gradients<GeneratorTerm> {
  const { generator, discriminator, real, input, reconstructionInput, reconstructionWeight } = o;
  const images = [real, input.padded, input.previous, reconstructionInput.padded, reconstructionInput.previous];
  const parameters = [...generator.parameters.values(), ...discriminator.parameters.values()];
  const attrs = { ...styleOf(generator), reconstructionWeight, generatorParameters: generator.parameters.size };
  const outputs = generatorGradientsKernel.run([...images, ...parameters], attrs);
  const names = ['generatorAdversarial', 'reconstruction'] as const;
  return gradientsOf(outputs, names, [generator, generator, discriminator]);
}

function styleOf({ style }: Net) {
  return { slope: slopeOf(style), epsilon: BATCH_NORM_EPSILON };
}

/** @param nets that of each pass */
function gradientsOf<Term extends string>(
  outputs: readonly tf.Tensor[],
  names: readonly Term[],
  nets: readonly Net[],
): Gradients<Term> {
  const statistics = outputs.slice(names.length, names.length + nets.length) as tf.Tensor1D[];
  feedPasses(nets.map(({ running }, index) => ({ running, statistics: [statistics[index] as tf.Tensor1D] })));
  const terms = Object.fromEntries(names.map((name, index) => [name, outputs[index]]));
  return { terms: terms as Record<Term, tf.Scalar>, gradients: outputs.slice(names.length + nets.length) };
}
