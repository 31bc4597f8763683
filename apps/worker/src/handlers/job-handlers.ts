import type { JobHandlers } from '../host/job-runner.ts';
import { createGenerationHandler } from './generate.ts';
import type { HandlerOptions } from './handler-options.ts';
import { prepareAnimation } from './prepare-animation.ts';
import { prepareBlend } from './prepare-blend.ts';
import { prepareEvaluation } from './prepare-evaluation.ts';
import { preparePainting } from './prepare-painting.ts';
import { prepareSamples } from './prepare-samples.ts';
import { prepareSuperResolution } from './prepare-super-resolution.ts';
import { createTrainHandler } from './train.ts';

/** A handler for each kind of job, whatever queue the job came by. */
export function createJobHandlers(o: HandlerOptions): JobHandlers {
  return {
    train: createTrainHandler(o),
    sample: createGenerationHandler(o, prepareSamples),
    paint: createGenerationHandler(o, preparePainting),
    harmonize: createGenerationHandler(o, prepareBlend),
    edit: createGenerationHandler(o, prepareBlend),
    animate: createGenerationHandler(o, prepareAnimation),
    'super-resolve': createGenerationHandler(o, prepareSuperResolution),
    evaluate: createGenerationHandler(o, prepareEvaluation),
  };
}
