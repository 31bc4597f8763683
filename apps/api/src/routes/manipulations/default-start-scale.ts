import type { Model } from '@singan/contracts';
import { assertNever } from '@singan/domain';

/** The coarsest scale that a picture can be put in at. */
const COARSEST = 1;
/** Of a concurrent model: the finest one from which, in trials, neither layout nor looks were lost (docs/method.md, what a start scale means there). */
const FINEST_OF_CONCURRENT = 2;
/** Where z* was redrawn, scale 1 learnt to make up for a pale scale 0: it tears flat areas of full colour apart, in trials, and scale 2 does not. */
const FIRST_FOR_FLAT_COLOURS = 2;

type ModelFacts = Pick<Model, 'pyramid'> & { readonly config: Pick<Model['config'], 'scheme' | 'reconstructionNoise'> };

/** Where harmonizations and edits start that do not say: the third finest scale, as the paper takes the second to fourth finest; of the concurrent scheme scale 2. Each as far as the model has it. */
export function blendStartScale({ config, pyramid }: ModelFacts): number {
  const scaleCount = pyramid.levels.length;
  switch (config.scheme) {
    case 'sequential':
      return Math.max(COARSEST, scaleCount - 3);
    case 'concurrent':
      return Math.min(FINEST_OF_CONCURRENT, scaleCount - 1);
    default:
      return assertNever(config.scheme);
  }
}

/** Where paintings start that do not say: the coarsest scale that makes textures of flat areas, as far as the model has it. */
export function paintingStartScale({ config, pyramid }: ModelFacts): number {
  switch (config.reconstructionNoise) {
    case 'fixed':
      return COARSEST;
    case 'redrawn':
      return Math.min(FIRST_FOR_FLAT_COLOURS, pyramid.levels.length - 1);
    default:
      return assertNever(config.reconstructionNoise);
  }
}
