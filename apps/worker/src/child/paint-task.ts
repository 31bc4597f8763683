import { decodeRgb } from '@singan/imaging';
import { injectImage } from '@singan/singan';
import type { PaintTask } from '../generation-task.ts';
import type { TaskEnd } from '../protocol.ts';
import { encodePicture } from './encode-picture.ts';
import { asModelSees } from './input-picture.ts';
import { requireModel } from './loaded-model.ts';
import { type SheetPicture, sendSweepSheet } from './send-contact-sheet.ts';
import type { TaskServices } from './task-services.ts';
import { runSteps } from './task-steps.ts';

/** What the model makes of a painting, from each start scale. */
export async function runPaintTask(task: PaintTask, services: TaskServices): Promise<TaskEnd> {
  const { host } = services;
  const model = await requireModel(task.model, services);
  const image = asModelSees(await decodeRgb(task.painting), task.model);
  const { seed, startScales, format } = task.input;
  const drawn: SheetPicture[] = [];
  const end = await runSteps(startScales, services, async (startScale) => {
    const painted = injectImage(model, { image, startScale, seed, index: 0 });
    const picture = await encodePicture(painted, { format, gray: task.model.gray });
    drawn.push({ picture });
    await host.tell({ type: 'output', kind: 'painting', index: 0, seed, picture, details: { startScale } });
  });
  if (end.type === 'succeeded' && startScales.length > 1) await sendSweepSheet(host, drawn, startScales);
  return end;
}
