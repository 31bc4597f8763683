import type { Size } from '@singan/domain';
import type * as tf from '@tensorflow/tfjs-core';
import { forwardLayer } from '../conv-layer.ts';
import type { NamedArrays } from '../named-arrays.ts';
import { disposeTrainable, readVariables } from '../trainable.ts';
import { featuresToImage, firstFeatures, type GeneratorLayers, nextFeatures } from './grow.ts';
import { GENERATOR_HEAD, GENERATOR_TAIL, STAGE_SLOPE, stageLayerNames } from './layout.ts';
import { createPart, type Part } from './part.ts';

/** The one generator of all stages, in training. */
export interface GrowingGenerator {
  readonly head: Part;
  readonly body: readonly Part[];
  readonly tail: Part;
}

/** What a growing generator makes an image of. */
export interface GrowingInput {
  /** Of each stage: [1, height, width, 3] at stage 0, [1, height + 6, width + 6, channels] above. */
  readonly noises: readonly tf.Tensor4D[];
  /** sigma_k of each stage; that of stage 0 is 1 and not looked at. */
  readonly noiseAmplitudes: readonly number[];
  readonly sizes: readonly Size[];
}

/** Puts a generator on the backend. The caller disposes with {@link disposeGrowingGenerator}. */
export function createGrowingGenerator(arrays: NamedArrays, { stages }: { readonly stages: number }): GrowingGenerator {
  return {
    head: createPart([GENERATOR_HEAD], arrays),
    body: Array.from({ length: stages }, (_, stage) => createPart(stageLayerNames(stage), arrays)),
    tail: createPart([GENERATOR_TAIL], arrays),
  };
}

/**
 * An image, through all stages.
 * @returns [1, height, width, 3] in the size of the last stage; the caller disposes
 */
export function generateGrowing(
  generator: GrowingGenerator,
  { noises, noiseAmplitudes, sizes }: GrowingInput,
): tf.Tensor4D {
  const layers = trainedLayers(generator);
  let features = firstFeatures(layers, noises[0] as tf.Tensor4D);
  for (let stage = 1; stage < generator.body.length; stage++) {
    const noise = noises[stage] as tf.Tensor4D;
    const coarser = features;
    const [noiseAmplitude, size] = [noiseAmplitudes[stage] as number, sizes[stage] as Size];
    features = nextFeatures(layers, { stage, features: coarser, noise, noiseAmplitude, size });
    coarser.dispose();
  }
  const image = featuresToImage(layers, features);
  features.dispose();
  return image;
}

function trainedLayers({ head, body, tail }: GrowingGenerator): GeneratorLayers {
  const run = (part: Part | undefined, x: tf.Tensor4D, slope: number) =>
    (part as Part).layers.reduce((y, layer) => forwardLayer(layer, y, slope), x);
  return {
    head: (x) => run(head, x, STAGE_SLOPE),
    stage: (stage, x) => run(body[stage], x, STAGE_SLOPE),
    tail: (x) => run(tail, x, 1),
  };
}

export function readGrowingGenerator({ head, body, tail }: GrowingGenerator): NamedArrays {
  return new Map([head, ...body, tail].flatMap((part) => [...readVariables(part.parameters)]));
}

export function disposeGrowingGenerator({ head, body, tail }: GrowingGenerator): void {
  for (const part of [head, ...body, tail]) disposeTrainable(part);
}
