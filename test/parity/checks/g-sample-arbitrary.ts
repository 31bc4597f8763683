import type { GoldenCheck } from '../support/golden-check.ts';
import { checkEveryScale } from './g-sample-random.ts';

/** Samples of another size than the training image: the same nets on larger noise. */
export const check: GoldenCheck = { prefix: 'g_sample_arbitrary', needsEngine: true, run: checkEveryScale };
