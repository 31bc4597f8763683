import type { Size } from '@singan/domain';
import { roundSnapped } from './snap.ts';

/** Stages when a caller names no count: those of the scheme's authors. */
export const DEFAULT_STAGE_COUNT = 6;

/**
 * Sizes of the stages that are trained together, coarsest first: dense where a picture is small and its layout is made, sparse at the top.
 *
 * size of stage k = full r^-e(k),   e(S - 1) = 0,   e(k) = ((S - 2) / ln(S - 1)) ln(S - 1 - k) + 1 below, rounded
 *
 * so e(0) = S - 1 and e(S - 2) = 1: the ends are those of the sequential scheme.
 * @param o.factor r, (shorter side / minSize)^(1 / (S - 1))
 */
export function stageSizes(working: Size, o: { count: number; factor: number }): Size[] {
  return Array.from({ length: o.count }, (_, stage) => {
    const shrink = o.factor ** -exponent(stage, o.count);
    return { width: roundSnapped(working.width * shrink), height: roundSnapped(working.height * shrink) };
  });
}

function exponent(stage: number, count: number): number {
  const above = count - 1 - stage;
  if (above === 0) return 0;
  // With two stages the factor before the logarithm is 0 / 0, and so is all there is to spread.
  return count === 2 ? 1 : ((count - 2) / Math.log(count - 1)) * Math.log(above) + 1;
}
