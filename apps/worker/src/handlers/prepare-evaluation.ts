import { evaluateInputSchema } from '@singan/contracts';
import type { EvaluateTask } from '../generation-task.ts';
import type { Preparation } from './generate.ts';
import { readWorkingSource } from './read-inputs.ts';

export async function prepareEvaluation(o: Preparation): Promise<EvaluateTask> {
  const input = evaluateInputSchema.parse(o.context.claim.job.input);
  return { kind: 'evaluate', model: o.model.task, ...(await readWorkingSource(o)), input };
}
