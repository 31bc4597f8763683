import type { Scheme } from '@singan/contracts';
import { assertNever } from '@singan/domain';

/** The coarsest scale that a picture can be put in at. */
const COARSEST = 1;
/** Of a concurrent model: the finest one from which, in trials, neither layout nor looks were lost (docs/method.md, what a start scale means there). */
const FINEST_OF_CONCURRENT = 2;

/** Where harmonizations and edits start that do not say: the third finest scale, as the paper takes the second to fourth finest; of the concurrent scheme scale 2. Each as far as the model has it. */
export function blendStartScale({ scheme, scaleCount }: { scheme: Scheme; scaleCount: number }): number {
  switch (scheme) {
    case 'sequential':
      return Math.max(COARSEST, scaleCount - 3);
    case 'concurrent':
      return Math.max(COARSEST, Math.min(FINEST_OF_CONCURRENT, scaleCount - 1));
    default:
      return assertNever(scheme);
  }
}
