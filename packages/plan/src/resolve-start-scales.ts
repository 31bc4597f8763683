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
export function resolveStartScales(value: number | 'all', { scaleCount, min }: StartScaleRange): number[] {
  const last = scaleCount - 1;
  if (value === 'all' && last >= min) return Array.from({ length: last - min + 1 }, (_, index) => min + index);
  const scale = value === 'all' || value >= 0 ? value : value + scaleCount;
  if (typeof scale === 'number' && Number.isInteger(scale) && scale >= min && scale <= last) return [scale];
  throw outside(value, { scaleCount, min });
}

function outside(value: number | 'all', { scaleCount, min }: StartScaleRange): AppError {
  const last = scaleCount - 1;
  const detail =
    last < min
      ? `expected a model of at least ${min + 1} scales, got ${scaleCount}`
      : `expected ${min} (${min === 0 ? 'coarsest' : 'coarsest that a picture can be put in'}) to ${last} (finest), ${min - scaleCount} to -1 counted from the finest, or "all", got ${value}`;
  return new AppError('sample.start_scale', `startScale: ${detail}.`, { errors: [{ pointer: '/startScale', detail }] });
}
