import type { Model } from '@singan/contracts';
import { assertNever } from '@singan/domain';

/** The coarsest scale that a picture can be put in at. */
const COARSEST = 1;
/** Where z* was redrawn: scale 1 learnt to make up for the pale images of scale 0, and tears apart what has its full colours (docs/variants.md). */
const COARSEST_OF_REDRAWN = 2;
/** Of a concurrent model: the finest one from which, in trials, neither layout nor looks were lost (docs/method.md, what a start scale means there). */
const FINEST_OF_CONCURRENT = 2;

type ModelFacts = Pick<Model, 'pyramid'> & { readonly config: Pick<Model['config'], 'scheme' | 'reconstructionNoise'> };

/** Where paintings start that do not say: the coarsest scale that takes a picture well, as far as the model has it. */
export function paintingStartScale({ config, pyramid }: ModelFacts): number {
  switch (config.reconstructionNoise) {
    case 'fixed':
      return COARSEST;
    case 'redrawn':
      return Math.min(COARSEST_OF_REDRAWN, pyramid.levels.length - 1);
    default:
      return assertNever(config.reconstructionNoise);
  }
}

/**
 * Where harmonizations and edits start that do not say: the third finest scale, as the paper takes the second to fourth finest, but none coarser
 * than a painting would; of the concurrent scheme scale 2. Each as far as the model has it.
 */
export function blendStartScale(model: ModelFacts): number {
  const scaleCount = model.pyramid.levels.length;
  switch (model.config.scheme) {
    case 'sequential':
      return Math.max(paintingStartScale(model), scaleCount - 3);
    case 'concurrent':
      return Math.min(FINEST_OF_CONCURRENT, scaleCount - 1);
    default:
      return assertNever(model.config.scheme);
  }
}
