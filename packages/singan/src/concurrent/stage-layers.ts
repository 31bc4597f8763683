import * as tf from '@tensorflow/tfjs-core';
import { type NamedArrays, requireArray } from '../named-arrays.ts';
import type { GeneratorLayers } from './grow.ts';
import { forwardLayer, type LayerTensors } from './layer.ts';
import { GENERATOR_HEAD, GENERATOR_TAIL, STAGE_SLOPE, stageLayers } from './layout.ts';

/** The layers of a trained generator, for use. */
export interface StageLayers extends GeneratorLayers {
  dispose(): void;
}

/** Puts the layers on the backend. The caller disposes. */
export function createStageLayers(arrays: NamedArrays, stages: number): StageLayers {
  const head = [createLayer(GENERATOR_HEAD, arrays)];
  const tail = [createLayer(GENERATOR_TAIL, arrays)];
  const body = Array.from({ length: stages }, (_, stage) =>
    stageLayers(stage).map((name) => createLayer(name, arrays)),
  );
  return {
    head: (x) => forward(head, x, STAGE_SLOPE),
    stage: (stage, x) => forward(body[stage] as LayerTensors[], x, STAGE_SLOPE),
    tail: (x) => forward(tail, x, 1),
    dispose: () => tf.dispose([head, body, tail].flat(2).flatMap((layer) => Object.values<tf.Tensor>(layer))),
  };
}

function forward(layers: readonly LayerTensors[], input: tf.Tensor4D, slope: number): tf.Tensor4D {
  let x = input;
  for (const layer of layers) {
    const y = forwardLayer(layer, x, slope);
    // At once: large samples are bound by the activations that are alive.
    if (x !== input) x.dispose();
    x = y;
  }
  return x;
}

function createLayer(name: string, arrays: NamedArrays): LayerTensors {
  const { shape, data } = requireArray(arrays, `${name}.weight`);
  const weight = tf.tensor4d(data, shape as [number, number, number, number]);
  const perChannel = (part: string) => tf.tensor1d(requireArray(arrays, `${name}.${part}`).data);
  if (!arrays.has(`${name}.gamma`)) return { weight, bias: perChannel('bias') };
  return { weight, gamma: perChannel('gamma'), beta: perChannel('beta') };
}
