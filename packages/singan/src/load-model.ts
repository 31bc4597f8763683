import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import { hashConfig } from './fingerprint.ts';
import { GeneratorPyramid } from './generator-pyramid.ts';
import { readTrainingFile } from './read-training-file.ts';

export interface LoadModelOptions {
  readonly config: TrainingConfig;
  readonly plan: PyramidPlan;
  /** Scale files, coarsest first; fewer than planned give a model that ends at a smaller size. */
  readonly scales: readonly Uint8Array[];
  /** A file of `retrainScale` in place of the scale that it is of. */
  readonly variant?: { readonly scale: number; readonly bytes: Uint8Array } | undefined;
}

/**
 * Loads a model for sampling. The caller disposes it.
 * @throws AppError `checkpoint.invalid` when a file is damaged, of another training or out of order
 */
export function loadModel({ config, plan, scales, variant }: LoadModelOptions): GeneratorPyramid {
  const identity = { configHash: hashConfig(config) };
  const states = scales.map((bytes, scale) => {
    const isVariant = variant?.scale === scale;
    return readTrainingFile(isVariant ? variant.bytes : bytes, { kind: 'scale', scale, plan, identity, isVariant });
  });
  const model = new GeneratorPyramid();
  for (const state of states) model.add(state);
  return model;
}
