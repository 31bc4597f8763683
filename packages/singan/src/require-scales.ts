import { AppError } from '@singan/domain';
import type { TrainedModel } from './trained-model.ts';

/** @throws AppError `model.not_ready` for a model without scales */
export function requireTrained({ scaleCount }: Pick<TrainedModel, 'scaleCount'>): void {
  if (scaleCount === 0) throw new AppError('model.not_ready', 'The model has no trained scale yet.');
}

/**
 * @param range.min the coarsest scale that can be started at, 0 when absent
 * @throws AppError `model.not_ready`, `sample.start_scale`
 */
export function requireStartScale(
  model: Pick<TrainedModel, 'scaleCount'>,
  startScale: number,
  range: { min?: number } = {},
): void {
  requireTrained(model);
  const { scaleCount } = model;
  const min = range.min ?? 0;
  if (Number.isInteger(startScale) && startScale >= min && startScale < scaleCount) return;
  const detail = `expected ${min} to ${scaleCount - 1} (the finest of the ${scaleCount} trained scales), got ${startScale}`;
  throw new AppError('sample.start_scale', `startScale: ${detail}.`, { errors: [{ pointer: '/startScale', detail }] });
}
