import type { OutputDetails } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { compareLuma } from '@singan/evaluation';
import { decodeRgb } from '@singan/imaging';
import { resizeImage, superResolve } from '@singan/singan';
import type { SuperResolveTask } from '../generation-task.ts';
import type { TaskEnd } from '../protocol.ts';
import { encodePicture } from './encode-picture.ts';
import { asModelSees, workingImage } from './input-picture.ts';
import { requireModel } from './loaded-model.ts';
import type { TaskServices } from './task-services.ts';
import { runSteps } from './task-steps.ts';

/** The training image, larger; compared with the true picture when there is one. */
export async function runSuperResolveTask(task: SuperResolveTask, services: TaskServices): Promise<TaskEnd> {
  const { factor, seed, format } = task.input;
  const model = await requireModel(task.model, services);
  const image = await workingImage(task);
  return runSteps([factor], services, async () => {
    const enlarged = superResolve(model, { image, factor, seed });
    const picture = await encodePicture(enlarged, { format, gray: task.model.gray });
    const details = await metricsOf(enlarged, task);
    await services.host.tell({ type: 'output', kind: 'super-resolution', index: 0, seed, picture, details });
  });
}

async function metricsOf(enlarged: RgbImage, { groundTruth, model }: SuperResolveTask): Promise<OutputDetails> {
  if (groundTruth === null) return {};
  const truth = asModelSees(await decodeRgb(groundTruth), model);
  const isSameSize = truth.width === enlarged.width && truth.height === enlarged.height;
  // The picture is compared as it is delivered.
  const metrics = compareLuma(asModelSees(enlarged, model), isSameSize ? truth : resizeImage(truth, enlarged));
  return { metrics };
}
