import { type PaintInput, paintInputSchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { PaintTask } from '../generation-task.ts';
import type { Preparation } from './generate.ts';
import { provideVariant } from './provide-variant.ts';
import { readInputs, requireInput } from './read-inputs.ts';

/** A painting that is to be quantised has its start scale trained for that first, unless the model has that variant already. */
export async function preparePainting(o: Preparation): Promise<PaintTask | null> {
  const input = paintInputSchema.parse(o.context.claim.job.input);
  if (input.quantize !== null) {
    const variant = await provideVariant(o, { scale: onlyScale(input), colours: input.quantize.colours });
    if (variant === null) return null;
    o.model.replaceScale(variant);
  }
  const painting = requireInput(await readInputs(o), 'input-image');
  return { kind: 'paint', model: o.model.task, painting, input };
}

function onlyScale({ startScales }: PaintInput): number {
  const [scale, ...others] = startScales;
  if (scale !== undefined && others.length === 0) return scale;
  throw new AppError('internal', `expected one start scale of a quantised painting, got ${startScales.length}`);
}
