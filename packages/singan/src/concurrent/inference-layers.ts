import type * as tf from '@tensorflow/tfjs-core';
import { applyInTurn } from '../apply-in-turn.ts';
import { tensorOf } from '../array-tensor.ts';
import { type ConvLayer, disposeLayer, forwardLayer } from '../conv-layer.ts';
import { type NamedArrays, requireArray } from '../named-arrays.ts';
import type { GeneratorLayers } from './grow.ts';
import { GENERATOR_HEAD, GENERATOR_TAIL, STAGE_SLOPE, stageLayerNames } from './layout.ts';
import { createNamedLayer } from './part.ts';

/** The layers of a trained generator, for use. */
export interface InferenceLayers extends GeneratorLayers {
  dispose(): void;
}

/** Puts the layers on the backend. The caller disposes. */
export function createInferenceLayers(arrays: NamedArrays, stages: number): InferenceLayers {
  const create = (name: string) => createNamedLayer(name, arrays, (array) => tensorOf(requireArray(arrays, array)));
  const head = create(GENERATOR_HEAD);
  const tail = create(GENERATOR_TAIL);
  const body = Array.from({ length: stages }, (_, stage) => stageLayerNames(stage).map(create));
  return {
    head: (x) => forwardLayer(head, x, STAGE_SLOPE),
    stage: (stage, x) => forwardStage(body[stage] as ConvLayer[], x),
    tail: (x) => forwardLayer(tail, x, 1),
    dispose: () => [head, ...body.flat(), tail].forEach(disposeLayer),
  };
}

function forwardStage(layers: readonly ConvLayer[], x: tf.Tensor4D): tf.Tensor4D {
  return applyInTurn(
    x,
    layers.map((layer) => (features) => forwardLayer(layer, features, STAGE_SLOPE)),
  );
}
