import { animateInputSchema } from '@singan/contracts';
import { planSuperResolution } from '@singan/plan';
import type { AnimateTask } from '../generation-task.ts';
import type { Preparation } from './generate.ts';

export async function prepareAnimation({ context, options, model }: Preparation): Promise<AnimateTask> {
  const { job, model: trained } = context.claim;
  const input = animateInputSchema.parse(job.input);
  const { superResolution } = input;
  // The limit may have been another one where the job was accepted.
  if (superResolution !== null) {
    planSuperResolution(trained.working, superResolution.factor, { maxPixels: options.maxPixels });
  }
  return { kind: 'animate', model: model.task, input };
}
