import * as tf from '@tensorflow/tfjs-core';
import { type Adam, applyAdam, createAdam, disposeAdam, readAdam } from './adam.ts';
import { type GeneratorInput, generateTraining } from './generator.ts';
import { discriminatorGradients, generatorGradients } from './losses/step-gradients.ts';
import type { DiscriminatorTerm, GeneratorTerm } from './losses/wgan-gp.ts';
import type { NamedArrays } from './named-arrays.ts';
import { createNet, disposeNet, type Net, readNet } from './net.ts';
import { type NetStyle, PAPER_STYLE } from './net-style.ts';
import { feedRunningStatistics } from './running-statistics.ts';

/** The two nets of the scale in training, each with its optimiser. */
export interface NetPair {
  readonly generator: Net;
  readonly discriminator: Net;
  readonly generatorAdam: Adam;
  readonly discriminatorAdam: Adam;
}

/** What one step of either net is given besides the nets. */
export interface StepOptions {
  /** x_n, [1, height, width, 3] */
  readonly real: tf.Tensor4D;
  /** z_n and the random image of the coarser scales. */
  readonly input: GeneratorInput;
  /** Number of this net's step in the scale, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * Both nets of a scale on the backend. The caller disposes with {@link disposeNetPair}.
 * @param moments Adam's state to go on with; null to begin
 */
export function createNetPair(
  arrays: NamedArrays,
  moments: NamedArrays | null,
  style: NetStyle = PAPER_STYLE,
): NetPair {
  const generator = createNet('generator', arrays, style);
  const discriminator = createNet('discriminator', arrays, style);
  return {
    generator,
    discriminator,
    generatorAdam: createAdam(generator, moments),
    discriminatorAdam: createAdam(discriminator, moments),
  };
}

/**
 * One step of the discriminator: x~ = G(z_n), then Adam on {@link discriminatorGradients}. All randomness is in the options.
 * @param o.mix u of the gradient penalty, in [0, 1]
 * @returns the summands of the loss before the step, which belong to the caller
 */
export function discriminatorStep(
  pair: NetPair,
  o: StepOptions & { readonly mix: number; readonly gradientPenaltyWeight: number },
): Record<DiscriminatorTerm, tf.Scalar> {
  return tf.tidy(() => {
    const { output: fake, statistics } = generateTraining(pair.generator, o.input);
    feedRunningStatistics(pair.generator.running, statistics);
    const { terms, gradients } = discriminatorGradients({ ...o, discriminator: pair.discriminator, fake });
    applyAdam(pair.discriminatorAdam, { ...o, gradients });
    return { ...terms };
  });
}

/**
 * One step of the generator: Adam on {@link generatorGradients}. All randomness is in the options.
 * @returns the summands of the loss before the step, which belong to the caller
 */
export function generatorStep(
  pair: NetPair,
  o: StepOptions & { readonly reconstructionInput: GeneratorInput; readonly reconstructionWeight: number },
): Record<GeneratorTerm, tf.Scalar> {
  return tf.tidy(() => {
    const { generator, discriminator } = pair;
    const { terms, gradients } = generatorGradients({ ...o, generator, discriminator });
    applyAdam(pair.generatorAdam, { ...o, gradients });
    return { ...terms };
  });
}

/** Weights and running statistics of both nets. */
export function readNetPair(pair: NetPair): NamedArrays {
  return new Map([...readNet(pair.generator), ...readNet(pair.discriminator)]);
}

/** Adam's state of both nets. */
export function readMoments(pair: NetPair): NamedArrays {
  return new Map([...readAdam(pair.generatorAdam), ...readAdam(pair.discriminatorAdam)]);
}

export function disposeNetPair(pair: NetPair): void {
  disposeAdam(pair.generatorAdam);
  disposeAdam(pair.discriminatorAdam);
  disposeNet(pair.generator);
  disposeNet(pair.discriminator);
}
