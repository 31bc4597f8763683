import type { TrainingConfig } from '@singan/contracts';
import { assertNever, type Size } from '@singan/domain';
import { ceilSnapped, roundSnapped, truncateSnapped } from './snap.ts';

/** Size ratio of neighbouring scales that the paper asks for. */
export const DEFAULT_SCALE_FACTOR = 4 / 3;

/** What the rules of the pyramid look at. */
export type PyramidConfig = Pick<TrainingConfig, 'maxSize' | 'minSize' | 'pyramid' | 'purpose'>;

/**
 * Number of steps between scales, S - 1, at least 1: a given `scaleCount` decides, else the rule.
 *
 * paper:     round(log(shorter / minSize) / log(factor)) of the working image, so that the real factor is as close to the wanted one as can be
 * reference: ceil(log_q(minSize / shorter)) + 1 - ceil(log_q(working longer / longer)) of the SOURCE, q = 1 / factor: one or two scales more;
 *            for super-resolution both truncated, and the width in place of the last `longer`, whichever side is longer
 */
export function countSteps(source: Size, working: Size, config: PyramidConfig): number {
  const { rule, scaleCount, scaleFactor = DEFAULT_SCALE_FACTOR } = config.pyramid;
  if (scaleCount !== undefined) return scaleCount - 1;
  const steps = (ratio: number): number => Math.log(ratio) / Math.log(scaleFactor);
  switch (rule) {
    case 'paper':
      return Math.max(1, roundSnapped(steps(shorterSide(working) / config.minSize)));
    case 'reference': {
      const isSuperResolution = config.purpose === 'super-resolution';
      const round = isSuperResolution ? truncateSnapped : ceilSnapped;
      const whole = round(steps(shorterSide(source) / config.minSize)) + 1;
      const side = isSuperResolution ? source.width : longerSide(source);
      const dropped = round(steps(side / Math.min(config.maxSize, longerSide(source))));
      return Math.max(1, whole - dropped);
    }
    default:
      return assertNever(rule);
  }
}

export function shorterSide(size: Size): number {
  return Math.min(size.width, size.height);
}

export function longerSide(size: Size): number {
  return Math.max(size.width, size.height);
}
