import { superResolveInputSchema } from '@singan/contracts';
import { planSuperResolution } from '@singan/plan';
import type { SuperResolveTask } from '../generation-task.ts';
import type { Preparation } from './generate.ts';
import { readInputs, readWorkingSource } from './read-inputs.ts';

export async function prepareSuperResolution(o: Preparation): Promise<SuperResolveTask> {
  const input = superResolveInputSchema.parse(o.context.claim.job.input);
  const source = await readWorkingSource(o);
  // The limit may have been another one where the job was accepted.
  planSuperResolution(source.working, input.factor, { maxPixels: o.options.maxPixels });
  const groundTruth = (await readInputs(o))['input-ground-truth'] ?? null;
  return { kind: 'super-resolve', model: o.model.task, ...source, groundTruth, input };
}
