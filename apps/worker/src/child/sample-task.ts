import { sampleImage } from '@singan/singan';
import type { SampleTask } from '../generation-task.ts';
import type { TaskEnd } from '../protocol.ts';
import { encodePicture } from './encode-picture.ts';
import { requireModel } from './loaded-model.ts';
import { type SheetPicture, sendContactSheet, sendSweepSheet } from './send-contact-sheet.ts';
import type { TaskServices } from './task-services.ts';
import { runSteps } from './task-steps.ts';

/** Draws the samples one by one; each goes to the host as soon as it is encoded. */
export async function runSampleTask(task: SampleTask, services: TaskServices): Promise<TaskEnd> {
  const { host } = services;
  const model = await requireModel(task.model, services);
  const { count, seed, startScales, format } = task.input;
  const sizes = [...task.sizes];
  const steps = startScales.flatMap((startScale) =>
    Array.from({ length: count }, (_, index) => ({ startScale, index })),
  );
  const drawn: SheetPicture[] = [];
  const end = await runSteps(steps, services, async ({ startScale, index }) => {
    const image = sampleImage(model, { seed, index, startScale, sizes });
    const picture = await encodePicture(image, { format, gray: task.model.gray });
    drawn.push({ label: String(index + 1), picture });
    await host.tell({ type: 'output', kind: 'sample', index, seed, picture, details: { startScale } });
  });
  if (end.type !== 'succeeded' || drawn.length === 1) return end;
  if (startScales.length > 1) await sendSweepSheet(host, drawn, startScales);
  else await sendContactSheet(host, drawn);
  return end;
}
