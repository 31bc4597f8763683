import { type Claim, recordLog, recordProgress, recordScale } from '@singan/database';
import { AppError } from '@singan/domain';
import type { EngineChild } from '../host/engine-child.ts';
import type { JobContext, JobHandler } from '../host/job-runner.ts';
import { attemptKeys, notesKey } from '../host/object-keys.ts';
import { withRetries } from '../host/retry.ts';
import { runTask } from '../host/run-task.ts';
import { storePicture } from '../host/store-picture.ts';
import type { ScaleFinished, TaskEvent } from '../protocol.ts';
import { saveCheckpoint } from './checkpoints.ts';
import { awaitEngine, type HandlerOptions, retryUntilLost, retryUntilStop } from './handler-options.ts';
import { prepareTraining } from './prepare-training.ts';
import { requireMemory } from './require-memory.ts';
import { sweepAttempts } from './sweep-attempts.ts';

/** Trains a model's missing scales. */
export function createTrainHandler(o: HandlerOptions): JobHandler {
  return (context) => o.children.use((child) => train(child, context, o));
}

async function train(child: EngineChild, context: JobContext, o: HandlerOptions): Promise<'succeeded' | 'stopped'> {
  const { stop, lost } = context;
  context.logger.info({ childPid: child.pid }, 'child.started');
  const task = await prepareTraining(context, o);
  requireMemory(context.claim, await awaitEngine(child, context, o));
  if (stop.aborted) return 'stopped';
  const onEvent = (event: TaskEvent): Promise<void> => recordEvent(event, context, o);
  const end = await runTask({ child, task, onEvent, stop, lost, graceMs: o.graceMs });
  if (end === 'succeeded') await withRetries(() => sweepAttempts(context.claim, o), retryUntilStop(context));
  return end;
}

async function recordEvent(event: TaskEvent, context: JobContext, o: HandlerOptions): Promise<void> {
  const { claim } = context;
  const retry = retryUntilLost(context);
  switch (event.type) {
    case 'progress':
      return withRetries(() => recordProgress(o.database, claim, event.progress), retry);
    case 'log':
      return withRetries(() => recordLog(o.database, claim, event.level, event.message), retry);
    case 'checkpoint':
      context.logger.info({ scale: event.scale, iteration: event.iteration }, 'checkpoint');
      return withRetries(() => saveCheckpoint(event, claim, o), retry);
    case 'scale-finished':
      context.logger.info({ scale: event.scale, seconds: event.seconds }, 'scale.finished');
      return withRetries(() => saveScale(event, claim, o), retry);
    default:
      throw new AppError('internal', `expected no ${event.type} from a training`);
  }
}

async function saveScale(event: ScaleFinished, claim: Claim, { database, store, ids }: HandlerOptions): Promise<void> {
  const { type: _, scale, bytes, reconstruction, sample, ...facts } = event;
  const keys = attemptKeys({ modelId: claim.model.id, jobId: claim.job.id, attempt: claim.attempt });
  const key = keys.scale(scale);
  const file = { key, ...(await store.put(key, bytes, { contentType: 'application/octet-stream' })) };
  const ofReconstruction = { id: ids('art'), kind: 'reconstruction', key: keys.reconstruction(scale), scale } as const;
  const ofSample = { id: ids('art'), kind: 'scale-sample', key: keys.scaleSample(scale), scale } as const;
  const artifacts = [
    await storePicture(store, reconstruction, ofReconstruction),
    await storePicture(store, sample, ofSample),
  ];
  const obsolete = await recordScale(database, claim, { ...facts, index: scale, file, artifacts });
  await store.delete(obsolete.flatMap((old) => [old, notesKey(old)]));
}
