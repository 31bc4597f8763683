import { animateInputSchema } from '@singan/contracts';
import type { AnimateTask } from '../generation-task.ts';
import type { Preparation } from './generate.ts';

export async function prepareAnimation({ context, model }: Preparation): Promise<AnimateTask> {
  return { kind: 'animate', model: model.task, input: animateInputSchema.parse(context.claim.job.input) };
}
