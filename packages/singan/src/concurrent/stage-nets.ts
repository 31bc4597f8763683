import * as tf from '@tensorflow/tfjs-core';
import { type Adam, applyAdam, createAdam, disposeAdam, readAdam } from '../adam.ts';
import type { DiscriminatorTerm, GeneratorTerm } from '../losses/wgan-gp.ts';
import type { NamedArrays } from '../named-arrays.ts';
import { disposeTrainable, readVariables } from '../trainable.ts';
import {
  createGrowingGenerator,
  disposeGrowingGenerator,
  type GrowingGenerator,
  readGrowingGenerator,
} from './growing-generator.ts';
import { discriminatorLayerNames } from './layout.ts';
import { createPart, type Part } from './part.ts';
import {
  type StageDiscriminatorLossOptions,
  type StageGeneratorLossOptions,
  stageDiscriminatorGradients,
  stageGeneratorGradients,
} from './stage-gradients.ts';
import { type TrainedPart, trainedParts } from './trained-parts.ts';

interface RatedAdam {
  readonly adam: Adam;
  /** Of the learning rate. */
  readonly factor: number;
}

/** The generator of all stages so far and the discriminator of the newest, each with its optimisers. */
export interface StageNets {
  readonly generator: GrowingGenerator;
  readonly discriminator: Part;
  /** One for each part that is trained. */
  readonly generatorAdams: readonly RatedAdam[];
  readonly discriminatorAdam: Adam;
}

export interface StageNetsOptions {
  /** So far, k + 1. */
  readonly stages: number;
  readonly arrays: NamedArrays;
  /** Adam's state to go on with; null to begin. */
  readonly moments: NamedArrays | null;
  /** How many of the newest stages are trained. */
  readonly concurrentStages: number;
  /** From a stage to the one before. */
  readonly learningRateScale: number;
}

/** Both nets on the backend. The caller disposes with {@link disposeStageNets}. */
export function createStageNets({ arrays, moments, ...o }: StageNetsOptions): StageNets {
  const generator = createGrowingGenerator(arrays, o);
  const discriminator = createPart(discriminatorLayerNames(), arrays);
  const rated = ({ part, factor }: TrainedPart) => ({ adam: createAdam(partOf(generator, part), moments), factor });
  return {
    generator,
    discriminator,
    generatorAdams: trainedParts(o).map(rated),
    discriminatorAdam: createAdam(discriminator, moments),
  };
}

function partOf({ head, body, tail }: GrowingGenerator, part: TrainedPart['part']): Part {
  if (part === 'head') return head;
  return part === 'tail' ? tail : (body[part] as Part);
}

interface StepOptions {
  /** Number of this net's step in the stage, from 1; of the first one when there are several. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * One step of the discriminator: Adam on {@link stageDiscriminatorGradients}. All randomness is in the options.
 * @returns the summands of the loss before the step, which belong to the caller
 */
export function stageDiscriminatorStep(
  nets: StageNets,
  o: StepOptions & Omit<StageDiscriminatorLossOptions, 'discriminator'>,
): Record<DiscriminatorTerm, tf.Scalar> {
  return tf.tidy(() => {
    const { terms, gradients } = stageDiscriminatorGradients({ ...o, discriminator: nets.discriminator });
    applyAdam(nets.discriminatorAdam, { ...o, gradients });
    return { ...terms };
  });
}

/**
 * ONE gradient of the generator, applied by `steps` steps of Adam: each part at its own learning rate.
 * @returns the summands of the loss before the steps, which belong to the caller
 */
export function stageGeneratorSteps(
  nets: StageNets,
  o: StepOptions & { readonly steps: number } & Omit<
      StageGeneratorLossOptions,
      'generator' | 'discriminator' | 'parameters'
    >,
): Record<GeneratorTerm, tf.Scalar> {
  const { generator, discriminator, generatorAdams } = nets;
  return tf.tidy(() => {
    const parameters = new Map(generatorAdams.flatMap(({ adam }) => [...adam.net.parameters]));
    const { terms, gradients } = stageGeneratorGradients({ ...o, generator, discriminator, parameters });
    let first = 0;
    for (const { adam, factor } of generatorAdams) {
      const own = gradients.slice(first, first + adam.net.parameters.size);
      first += own.length;
      for (let step = o.step; step < o.step + o.steps; step++) {
        applyAdam(adam, { gradients: own, step, learningRate: o.learningRate * factor });
      }
    }
    return { ...terms };
  });
}

/** Weights of both nets. */
export function readStageNets({ generator, discriminator }: StageNets): NamedArrays {
  return new Map([...readGrowingGenerator(generator), ...readVariables(discriminator.parameters)]);
}

/** Adam's state of what is trained. */
export function readStageMoments({ generatorAdams, discriminatorAdam }: StageNets): NamedArrays {
  const adams = [...generatorAdams.map(({ adam }) => adam), discriminatorAdam];
  return new Map(adams.flatMap((adam) => [...readAdam(adam)]));
}

export function disposeStageNets({ generator, discriminator, generatorAdams, discriminatorAdam }: StageNets): void {
  for (const { adam } of generatorAdams) disposeAdam(adam);
  disposeAdam(discriminatorAdam);
  disposeGrowingGenerator(generator);
  disposeTrainable(discriminator);
}
