import type * as tf from '@tensorflow/tfjs-core';
import type { NamedArrays } from '../named-arrays.ts';
import {
  createNetPair,
  discriminatorStep,
  disposeNetPair,
  generatorStep,
  type NetPair,
  readMoments,
  readNetPair,
} from '../net-pair.ts';
import type { IterationLosses } from '../training-event.ts';
import type { IterationOptions, TrainingNets, TrainingNetsOptions } from './training-nets.ts';

/** G and D (wgan-gp): discriminator steps, then generator steps. */
export class AdversarialNets implements TrainingNets {
  readonly #o: TrainingNetsOptions;
  readonly #pair: NetPair;

  constructor(o: TrainingNetsOptions) {
    this.#o = o;
    this.#pair = createNetPair(o.arrays, o.moments, o.config);
  }

  runIteration(o: IterationOptions): Record<keyof IterationLosses, tf.Scalar> {
    const { config, real } = this.#o;
    const { learningRate, reconstructionInput } = o;
    // One z_n serves the whole iteration; prev is drawn anew in each discriminator step, and its last one stays for G.
    const discriminatorSteps = Array.from({ length: config.discriminatorSteps }, (_, index) => {
      const input = o.drawInput(index);
      const step = o.iteration * config.discriminatorSteps + index + 1;
      const mix = o.draw('penalty', index);
      return { input, terms: discriminatorStep(this.#pair, { ...config, real, input, mix, step, learningRate }) };
    });
    const { input, terms } = discriminatorSteps.at(-1) as (typeof discriminatorSteps)[number];
    const generatorSteps = Array.from({ length: config.generatorSteps }, (_, index) => {
      const step = o.iteration * config.generatorSteps + index + 1;
      const { reconstructionWeight } = config;
      return generatorStep(this.#pair, { real, input, reconstructionInput, reconstructionWeight, step, learningRate });
    });
    return { ...terms, ...(generatorSteps.at(-1) as (typeof generatorSteps)[number]) };
  }

  readArrays(): NamedArrays {
    return readNetPair(this.#pair);
  }

  readMoments(): NamedArrays {
    return readMoments(this.#pair);
  }

  dispose(): void {
    disposeNetPair(this.#pair);
  }
}
