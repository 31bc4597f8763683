import { type BlendInput, blendInputSchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { BlendPicture, BlendTask } from '../generation-task.ts';
import type { Preparation } from './generate.ts';
import { readInputs, readWorkingSource, requireInput } from './read-inputs.ts';

export async function prepareBlend(o: Preparation): Promise<BlendTask> {
  const { kind, input: stored } = o.context.claim.job;
  if (kind !== 'harmonize' && kind !== 'edit')
    throw new AppError('internal', `expected a job that blends, got ${kind}`);
  const input = blendInputSchema.parse(stored);
  const inputs = await readInputs(o);
  const picture = pictureOf(inputs, input);
  const mask = requireInput(inputs, 'input-mask');
  return { kind, model: o.model.task, ...(await readWorkingSource(o)), picture, mask, input };
}

function pictureOf(inputs: Parameters<typeof requireInput>[0], { placement }: BlendInput): BlendPicture {
  if (placement === undefined) return { image: requireInput(inputs, 'input-image') };
  return { object: requireInput(inputs, 'input-object'), placement };
}
