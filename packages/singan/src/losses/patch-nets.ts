import type { Loss } from '@singan/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { type Adam, createAdam, disposeAdam, readAdam } from '../adam.ts';
import type { NamedArrays } from '../named-arrays.ts';
import { createNet, disposeNet, type Net, readNet } from '../net.ts';
import type { IterationLosses } from '../training-event.ts';
import { createPatchLoss } from './create-patch-loss.ts';
import type { PatchLoss } from './patch-loss.ts';
import { patchStep } from './patch-step.ts';
import type { IterationOptions, TrainingNets, TrainingNetsOptions } from './training-nets.ts';

/** G alone, against a fixed distance between patches: generator steps, all with the z_n and prev of the iteration. */
export class PatchNets implements TrainingNets {
  readonly #o: TrainingNetsOptions;
  readonly #generator: Net;
  readonly #adam: Adam;
  readonly #loss: PatchLoss;

  constructor(o: TrainingNetsOptions) {
    const { config, scale, real } = o;
    this.#o = o;
    this.#generator = createNet('generator', o.arrays, config);
    this.#adam = createAdam(this.#generator, o.moments);
    this.#loss = createPatchLoss(config.loss as Exclude<Loss, 'wgan-gp'>, { real, scale, seed: config.seed });
  }

  runIteration(o: IterationOptions): Record<keyof IterationLosses, tf.Scalar> {
    const { config, real } = this.#o;
    const shared = { ...o, ...config, real, generator: this.#generator, adam: this.#adam, loss: this.#loss };
    const input = o.drawInput(0);
    const steps = Array.from({ length: config.generatorSteps }, (_, index) => {
      const step = o.iteration * config.generatorSteps + index + 1;
      const draw = o.draw('patches', index);
      return patchStep({ ...shared, input, draw, step, learningRate: o.learningRate });
    });
    const none = tf.scalar(0);
    const discriminator = { discriminatorReal: none, discriminatorFake: none, gradientPenalty: none };
    return { ...discriminator, ...(steps.at(-1) as (typeof steps)[number]) };
  }

  readArrays(): NamedArrays {
    return readNet(this.#generator);
  }

  readMoments(): NamedArrays {
    return readAdam(this.#adam);
  }

  dispose(): void {
    disposeAdam(this.#adam);
    disposeNet(this.#generator);
    this.#loss.dispose();
  }
}
