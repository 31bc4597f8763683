import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '@singan/domain';
import { sampleImage } from '@singan/singan';
import type { EvaluateTask } from '../generation-task.ts';
import type { TaskEnd } from '../protocol.ts';
import { asModelSees, workingImage } from './input-picture.ts';
import { requireModel } from './loaded-model.ts';
import { Stopped } from './stopped.ts';
import type { TaskServices } from './task-services.ts';
import { StepMeter } from './task-steps.ts';

/** Scores samples against the picture that the model was trained on, one by one as they are drawn. */
export async function runEvaluateTask(task: EvaluateTask, services: TaskServices): Promise<TaskEnd> {
  const model = await requireModel(task.model, services);
  const real = asModelSees(await workingImage(task), task.model);
  const evaluator = await services.metrics.evaluator();
  const { samples, startScale, seed, metrics } = task.input;
  // The pictures that a sample job of this seed and start scale draws.
  const draw = (index: number) => asModelSees(sampleImage(model, { seed, index, startScale }), task.model);
  try {
    const scores = await evaluator.score(real, drawAll(samples, services, draw), metrics);
    await services.host.tell({ type: 'evaluated', scores });
    return { type: 'succeeded' };
  } catch (error) {
    if (error instanceof Stopped) return { type: 'stopped' };
    throw error;
  }
}

/** Draws pictures until the host asks for a stop. @throws Stopped then */
async function* drawAll(
  count: number,
  { host, nowMs }: TaskServices,
  draw: (index: number) => RgbImage,
): AsyncGenerator<RgbImage, void> {
  const meter = new StepMeter(count, nowMs);
  for (let index = 0; index < count; index += 1) {
    // Drawing and scoring are synchronous: this is where a stop message gets in.
    await setImmediate();
    if (host.isStopRequested()) throw new Stopped();
    yield draw(index);
    const progress = meter.finishStep();
    if (progress !== null) await host.tell({ type: 'progress', progress });
  }
}
