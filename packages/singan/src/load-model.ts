import { assertNever } from '@singan/domain';
import { loadConcurrentModel } from './concurrent/load-concurrent-model.ts';
import { hashConfig } from './fingerprint.ts';
import { GeneratorPyramid } from './generator-pyramid.ts';
import type { LoadModelOptions } from './load-model-options.ts';
import { readScaleFile } from './read-scale-file.ts';
import type { TrainedModel } from './trained-model.ts';

/**
 * Loads a model for sampling. The caller disposes it.
 * @throws AppError `checkpoint.invalid` when a file is damaged, of another training or out of order
 */
export function loadModel(o: LoadModelOptions): TrainedModel {
  switch (o.config.scheme) {
    case 'sequential':
      return loadPyramid(o);
    case 'concurrent':
      return loadConcurrentModel(o);
    default:
      return assertNever(o.config.scheme);
  }
}

function loadPyramid({ config, plan, scales, variant }: LoadModelOptions): GeneratorPyramid {
  const identity = { configHash: hashConfig(config) };
  const states = scales.map((bytes, scale) => {
    const isVariant = variant?.scale === scale;
    return readScaleFile(isVariant ? variant.bytes : bytes, { kind: 'scale', scale, plan, identity, isVariant });
  });
  const model = new GeneratorPyramid();
  for (const state of states) model.add(state);
  return model;
}
