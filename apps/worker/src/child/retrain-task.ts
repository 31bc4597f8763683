import type { PyramidPlan } from '@singan/contracts';
import { retrainScale } from '@singan/singan';
import type { RetrainTask, TaskEnd } from '../protocol.ts';
import { trainFromNewest } from './checkpoint-candidates.ts';
import { workingImage } from './input-picture.ts';
import type { TaskServices } from './task-services.ts';
import { TrainingRun } from './training-run.ts';

/** Trains one scale of a model again on inputs in the colours of a palette; the scale itself stays as it is. */
export async function runRetrainTask(
  task: RetrainTask,
  { host, nowMs }: Pick<TaskServices, 'host' | 'nowMs'>,
): Promise<TaskEnd> {
  const image = await workingImage(task);
  const { config, plan, scales, scale, colours, checkpointIntervalMs } = task;
  return trainFromNewest(task.checkpoints, host, (candidate) => {
    const checkpoint = candidate?.bytes ?? null;
    return new TrainingRun({
      host,
      nowMs,
      config,
      plan: planOfScale(plan, scale),
      checkpointIntervalMs,
      notes: candidate?.notes ?? null,
      train: (control) => retrainScale({ image, config, plan, scales, scale, colours, checkpoint, control }),
      finishScale: ({ bytes }) => host.tell({ type: 'variant-finished', scale, bytes }),
    });
  });
}

/** The coarser scales are trained already: they cost nothing. */
function planOfScale(plan: PyramidPlan, scale: number): PyramidPlan {
  const levels = plan.levels.slice(0, scale + 1);
  return { ...plan, levels: levels.map((level, n) => (n < scale ? { ...level, iterations: 0 } : level)) };
}
