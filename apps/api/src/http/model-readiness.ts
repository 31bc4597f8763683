import type { Database, ModelRecord } from '@singan/database';
import { AppError } from '@singan/domain';
import { requireModel } from './require-record.ts';

/** A model whose training is over. @throws AppError `model.not_found`, `model.not_ready` */
export async function requireReadyModel(database: Database, id: string): Promise<ModelRecord> {
  const model = await requireModel(database, id);
  if (model.state === 'ready') return model;
  const { scalesDone, pyramid, trainingJobId } = model;
  const advice = isInTraining(model)
    ? 'Follow its training job and ask again when that is done.'
    : `Its training ${howItEnded(model)}; retry the training job.`;
  throw new AppError(
    'model.not_ready',
    `This needs the whole model, of which ${scalesDone} of ${pyramid.levels.length} scales are trained. ${advice} Training job: ${trainingJobId}.`,
  );
}

/** @throws AppError `model.not_ready` without any trained scale */
export function requireDrawable(model: ModelRecord): void {
  if (model.scalesDone > 0) return;
  const advice = isInTraining(model)
    ? 'Its first scale is still to be trained; follow the training job and ask again after its first preview.'
    : `Its training ${howItEnded(model)} before the first scale was done; retry the training job.`;
  throw new AppError(
    'model.not_ready',
    `The model has no trained scale yet. ${advice} Training job: ${model.trainingJobId}.`,
  );
}

function isInTraining({ state }: ModelRecord): boolean {
  return state === 'queued' || state === 'training';
}

function howItEnded({ state }: ModelRecord): string {
  return state === 'canceled' ? 'was canceled' : `has ${state}`;
}
