import { resizeImage, type ScaleFinishedEvent, trainPyramid } from '@singan/singan';
import type { TaskEnd, TrainTask } from '../protocol.ts';
import { trainFromNewest } from './checkpoint-candidates.ts';
import { encodePicture } from './encode-picture.ts';
import { asModelSees, workingImage } from './input-picture.ts';
import type { TaskServices } from './task-services.ts';
import { type ScaleReport, TrainingRun } from './training-run.ts';

type Services = Pick<TaskServices, 'host' | 'nowMs' | 'metrics'>;

/** Trains the scales that are missing; pictures, files and losses go to the host as they come. */
export async function runTrainTask(task: TrainTask, { host, nowMs, metrics }: Services): Promise<TaskEnd> {
  const image = await workingImage(task);
  const { config, plan, finishedScales, gray, checkpointIntervalMs } = task;
  const finishScale = async (event: ScaleFinishedEvent, report: ScaleReport): Promise<void> => {
    const { type: _, ...facts } = event;
    const reconstruction = await encodePicture(event.reconstruction, { format: 'png', gray });
    const sample = await encodePicture(event.sample, { format: 'png', gray });
    const sifid = await metrics.sifidOfScale(resizeImage(image, event), {
      reconstruction: asModelSees(event.reconstruction, task),
      sample: asModelSees(event.sample, task),
    });
    await host.tell({ type: 'scale-finished', ...facts, ...report, reconstruction, sample, sifid });
  };
  return trainFromNewest(task.checkpoints, host, (candidate) => {
    const checkpoint = candidate?.bytes ?? null;
    return new TrainingRun({
      host,
      nowMs,
      config,
      plan,
      checkpointIntervalMs,
      notes: candidate?.notes ?? null,
      train: (control) => trainPyramid({ image, config, plan, finishedScales, checkpoint, control }),
      finishScale,
    });
  });
}
