import type { RgbImage } from '@singan/domain';
import { composeObject, decodeMask, decodeRgb, MASK_RADIUS, softMask } from '@singan/imaging';
import { blendMasked, injectImage } from '@singan/singan';
import type { BlendTask } from '../generation-task.ts';
import type { TaskEnd } from '../protocol.ts';
import { encodePicture } from './encode-picture.ts';
import { asModelSees, workingImage } from './input-picture.ts';
import { requireModel } from './loaded-model.ts';
import { type SheetPicture, sendSweepSheet } from './send-contact-sheet.ts';
import type { TaskServices } from './task-services.ts';
import { runSteps } from './task-steps.ts';

const OUTPUTS = {
  harmonize: { blended: 'harmonization', unmasked: 'harmonization-unmasked', radiusPx: MASK_RADIUS.harmonization },
  edit: { blended: 'edit', unmasked: 'edit-unmasked', radiusPx: MASK_RADIUS.editing },
} as const;

/** Harmonization and editing: what the model makes of the picture, and that blended into the training image by the mask. */
export async function runBlendTask(task: BlendTask, services: TaskServices): Promise<TaskEnd> {
  const { host } = services;
  const { blended, unmasked, radiusPx } = OUTPUTS[task.kind];
  const { seed, startScales, format } = task.input;
  const model = await requireModel(task.model, services);
  const background = await workingImage(task);
  const image = asModelSees(await changedPicture(task, background), task.model);
  const mask = softMask(await decodeMask(task.mask), { radiusPx });
  const encoding = { format, gray: task.model.gray };
  const drawn: SheetPicture[] = [];
  const end = await runSteps(startScales, services, async (startScale) => {
    const generated = injectImage(model, { image, startScale, seed, index: 0 });
    const shared = { type: 'output', index: 0, seed, details: { startScale } } as const;
    const picture = await encodePicture(blendMasked({ background, generated, mask }), encoding);
    await host.tell({ ...shared, kind: blended, picture });
    const whole = await encodePicture(generated, encoding);
    await host.tell({ ...shared, kind: unmasked, picture: whole });
    drawn.push({ label: 'masked', picture }, { label: 'unmasked', picture: whole });
  });
  if (end.type === 'succeeded' && startScales.length > 1) await sendSweepSheet(host, drawn, startScales);
  return end;
}

async function changedPicture({ picture }: BlendTask, background: RgbImage): Promise<RgbImage> {
  if ('image' in picture) return decodeRgb(picture.image);
  const { object, placement } = picture;
  return (await composeObject({ background, object, placement })).composite;
}
