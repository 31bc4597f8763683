import type { TrainingConfig } from '@singan/contracts';
import type { Size } from '@singan/domain';
import { ceilSnapped, roundSnapped } from './snap.ts';

/**
 * Size of the picture that is trained on: shrunk, never enlarged, so that its longer side is at most `maxSize`.
 * The shorter side is rounded; rule "reference" rounds up, as the published code does in every resize.
 */
export function workingSize(source: Size, config: Pick<TrainingConfig, 'maxSize' | 'pyramid'>): Size {
  const longer = Math.max(source.width, source.height);
  if (longer <= config.maxSize) return { width: source.width, height: source.height };
  const round = config.pyramid.rule === 'reference' ? ceilSnapped : roundSnapped;
  const shrink = (side: number): number => Math.max(1, round((side * config.maxSize) / longer));
  return { width: shrink(source.width), height: shrink(source.height) };
}
