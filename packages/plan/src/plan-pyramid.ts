import type { PlanLevel, PyramidPlan, TrainingConfig } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import { stageSizes } from './plan-stages.ts';
import { requireTrainable } from './require-trainable.ts';
import { countSteps, DEFAULT_SCALE_FACTOR, type PyramidConfig, shorterSide } from './scale-count.ts';
import { ceilSnapped, roundSnapped } from './snap.ts';
import { workingSize } from './working-size.ts';

/** What a plan follows from, besides the size of the picture. */
export type PlanConfig = PyramidConfig &
  Pick<TrainingConfig, 'scheme' | 'iterations' | 'finestIterations' | 'baseChannels' | 'maxChannels'>;

type LevelConfig = PyramidConfig & Pick<PlanConfig, 'scheme'>;

/** Most scales that a rule may come to; more would train nearly equal sizes again and again. */
export const MAX_SCALES = 20;

/** Channels double every fourth scale. */
const SCALES_PER_DOUBLING = 4;

/**
 * The pyramid of a training on a picture of size `source`, coarsest scale first; the finest has the working size.
 *
 * r = (shorter / minSize)^(1 / (S - 1));   size of scale n = full * r^-(S - 1 - n), rounded (rule "reference": rounded up)
 *
 * The stages of the concurrent scheme are spread otherwise, see `stageSizes`, and have one number of channels.
 *
 * @throws AppError `image.too_small`, `image.aspect_ratio` or `plan.invalid`, each saying the limit and what would fit
 */
export function planPyramid(source: Size, config: PlanConfig): PyramidPlan {
  requireTrainable(source, config);
  const working = workingSize(source, config);
  const steps = countSteps(source, working, config);
  requireFewScales(steps, source, config);
  const sizes = levelSizes(working, steps, config);
  if (config.pyramid.scaleCount !== undefined) requireDistinctSizes(sizes, working, config);
  return {
    scaleFactor: scaleFactorOf(working, steps, config),
    levels: sizes.map((size, scale) => planLevel(size, { scale, steps, config })),
  };
}

function planLevel(size: Size, place: { scale: number; steps: number; config: PlanConfig }): PlanLevel {
  const { scale, steps, config } = place;
  const growth = (config.finestIterations / config.iterations) ** (scale / steps);
  return {
    ...size,
    channels: channelsOf(scale, config),
    iterations: Math.max(1, roundSnapped(config.iterations * growth)),
  };
}

function channelsOf(scale: number, { scheme, baseChannels, maxChannels }: PlanConfig): number {
  // The features of a stage are those of all others, carried on.
  if (scheme === 'concurrent') return baseChannels;
  return Math.min(baseChannels * 2 ** Math.floor(scale / SCALES_PER_DOUBLING), maxChannels);
}

function scaleFactorOf(working: Size, steps: number, config: PyramidConfig): number {
  return (shorterSide(working) / config.minSize) ** (1 / steps);
}

function levelSizes(working: Size, steps: number, config: LevelConfig): Size[] {
  const round = config.pyramid.rule === 'reference' ? ceilSnapped : roundSnapped;
  const factor = scaleFactorOf(working, steps, config);
  if (config.scheme === 'concurrent') return stageSizes(working, { count: steps + 1, factor });
  return Array.from({ length: steps + 1 }, (_, scale) => {
    const shrink = factor ** (scale - steps);
    return { width: round(working.width * shrink), height: round(working.height * shrink) };
  });
}

function requireFewScales(steps: number, source: Size, config: PyramidConfig): void {
  if (steps + 1 <= MAX_SCALES) return;
  throw new AppError(
    'plan.invalid',
    `pyramid.scaleFactor ${config.pyramid.scaleFactor ?? DEFAULT_SCALE_FACTOR} would make ${steps + 1} scales of a ${source.width}x${source.height} picture, ` +
      `at most ${MAX_SCALES} are allowed: use a larger factor, a larger minSize, or scaleCount.`,
  );
}

function requireDistinctSizes(sizes: readonly Size[], working: Size, config: LevelConfig): void {
  if (hasDistinctSizes(sizes)) return;
  let fitting = sizes.length - 1;
  while (!hasDistinctSizes(levelSizes(working, fitting - 1, config))) fitting -= 1;
  throw new AppError(
    'plan.invalid',
    `pyramid.scaleCount ${sizes.length} is too many between minSize ${config.minSize} and a working picture of ${working.width}x${working.height} px: ` +
      `neighbouring scales would have the same size; at most ${fitting} fit.`,
    { errors: [{ pointer: '/pyramid/scaleCount', detail: `expected at most ${fitting}, got ${sizes.length}` }] },
  );
}

/** Two scales may be equal (a picture of exactly minSize still needs two); among more, each must be larger than the one before. */
function hasDistinctSizes(sizes: readonly Size[]): boolean {
  if (sizes.length <= 2) return true;
  return sizes.every((size, scale) => {
    const coarser = sizes[scale - 1];
    return coarser === undefined || size.width > coarser.width || size.height > coarser.height;
  });
}
