import { AppError } from '@singan/domain';
import { hashConfig } from '../fingerprint.ts';
import type { LoadModelOptions } from '../load-model-options.ts';
import { ConcurrentModel } from './concurrent-model.ts';
import { readStageFile } from './read-stage-file.ts';

/**
 * Loads a model for sampling: its newest file holds all of it. The caller disposes it.
 * @throws AppError `checkpoint.invalid` when the file is damaged or of another training; `model.not_ready` without files
 */
export function loadConcurrentModel({ config, plan, scales, variant }: LoadModelOptions): ConcurrentModel {
  if (variant) throw new AppError('internal', 'expected no variant of a stage, for the concurrent scheme makes none');
  const stage = scales.length - 1;
  const newest = scales[stage];
  if (!newest) throw new AppError('model.not_ready', 'The model has no trained scale yet.');
  const state = readStageFile(newest, {
    kind: 'scale',
    stage,
    plan,
    config,
    identity: { configHash: hashConfig(config) },
  });
  return new ConcurrentModel({ state, sizes: plan.levels.slice(0, scales.length), seed: config.seed });
}
