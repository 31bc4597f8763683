import { AppError } from '@singan/domain';

export interface StartScaleRange {
  /** S, scales of the model. */
  readonly scaleCount: number;
  /** The coarsest scale that the task can begin at: 0, or 1 where a picture takes the place of the scale before. */
  readonly min: number;
}

/**
 * The scales that a request names: an index from the coarsest, a negative one from the finest (-1 is the finest), or
 * "all" that the task can begin at, from the coarsest, for a sweep.
 *
 * @throws AppError `sample.start_scale`
 */
export function resolveStartScales(value: number | 'all', range: StartScaleRange): number[] {
  if (value !== 'all') return [resolve(value, range, ', or "all"')];
  const { scaleCount, min } = range;
  if (scaleCount <= min) throw outside(value, range, '');
  return Array.from({ length: scaleCount - min }, (_, index) => min + index);
}

/**
 * The one scale that a request names, for a task that knows no sweep.
 *
 * @throws AppError `sample.start_scale`
 */
export function resolveStartScale(value: number, range: StartScaleRange): number {
  return resolve(value, range, '');
}

function resolve(value: number, range: StartScaleRange, others: string): number {
  const { scaleCount, min } = range;
  const scale = value >= 0 ? value : value + scaleCount;
  if (Number.isInteger(scale) && scale >= min && scale < scaleCount) return scale;
  throw outside(value, range, others);
}

/** @param others what else may be said, in words */
function outside(value: number | 'all', { scaleCount, min }: StartScaleRange, others: string): AppError {
  const last = scaleCount - 1;
  const detail =
    last < min
      ? `expected a model of at least ${min + 1} scales, got ${scaleCount}`
      : `expected ${min} (${min === 0 ? 'coarsest' : 'coarsest that a picture can be put in'}) to ${last} (finest), ${min - scaleCount} to -1 counted from the finest${others}, got ${value}`;
  return new AppError('sample.start_scale', `startScale: ${detail}.`, { errors: [{ pointer: '/startScale', detail }] });
}
