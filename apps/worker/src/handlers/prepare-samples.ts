import { sampleInputSchema } from '@singan/contracts';
import { planSample, samplePixelLimit } from '@singan/plan';
import type { SampleTask } from '../generation-task.ts';
import type { Preparation } from './generate.ts';

export async function prepareSamples({ context, options, model }: Preparation): Promise<SampleTask> {
  const input = sampleInputSchema.parse(context.claim.job.input);
  const { plan, config } = model.task;
  const maxPixels = samplePixelLimit(config, options.maxPixels);
  const { width, height, scaleX, scaleY } = input;
  // The size does not depend on where it starts: the coarsest start checks that the model has it, and the finest too.
  const [sizes = []] = input.startScales.map((startScale) =>
    planSample(plan, { startScale, width, height, scaleX, scaleY }, { maxPixels }),
  );
  return { kind: 'sample', model: model.task, sizes, input };
}
