import { jobCheckpoints, recordLog, recordProgress } from '@singan/database';
import { AppError, toAppError } from '@singan/domain';
import { variantKey } from '../host/object-keys.ts';
import { withRetries } from '../host/retry.ts';
import { runTask } from '../host/run-task.ts';
import type { RetrainTask, TaskEvent } from '../protocol.ts';
import { readCheckpoints, saveCheckpoint } from './checkpoints.ts';
import type { Preparation } from './generate.ts';
import { retryUntilLost, retryUntilStop } from './handler-options.ts';
import { readWorkingSource } from './read-inputs.ts';
import { requireMemory } from './require-memory.ts';

interface Wanted {
  readonly scale: number;
  readonly colours: number;
}

interface Variant {
  readonly scale: number;
  readonly bytes: Buffer;
}

/**
 * The variant of a scale for pictures in the colours of a palette: the one that the store has, or one that is trained now. It depends
 * on the model alone, so it is kept for later jobs under one key that is written once.
 * @returns null when the training was stopped; its checkpoint is what the next attempt goes on from
 */
export async function provideVariant(o: Preparation, wanted: Wanted): Promise<Variant | null> {
  const { context, options, child } = o;
  const kept = await readVariant(o, wanted);
  if (kept !== null) return kept;
  requireMemory(context.claim, await child.engine);
  const task = await prepareRetraining(o, wanted);
  const { stop, lost } = context;
  if (stop.aborted) return null;
  context.logger.info({ ...wanted, childPid: child.pid }, 'variant.training');
  const onEvent = (event: TaskEvent): Promise<void> => recordEvent(event, o, wanted);
  const end = await runTask({ child, task, onEvent, stop, lost, graceMs: options.graceMs });
  if (end === 'stopped') return null;
  const trained = await readVariant(o, wanted);
  if (trained === null) throw new AppError('internal', 'expected the retraining to have stored its scale');
  return trained;
}

/** A damaged one is made again. */
async function readVariant({ context, options }: Preparation, wanted: Wanted): Promise<Variant | null> {
  const key = variantKey(context.claim.model.id, wanted);
  try {
    const bytes = await withRetries(() => options.store.get(key), retryUntilStop(context));
    return { scale: wanted.scale, bytes };
  } catch (error) {
    const { code, message } = toAppError(error);
    if (code === 'storage.not_found') return null;
    if (code !== 'storage.corrupt') throw error;
    context.logger.warn({ key, message }, 'variant.damaged');
    await options.store.delete([key]);
    return null;
  }
}

async function prepareRetraining(o: Preparation, { scale, colours }: Wanted): Promise<RetrainTask> {
  const { context, options, model } = o;
  const retry = retryUntilStop(context);
  const rows = await withRetries(() => jobCheckpoints(options.database, context.claim.job.id), retry);
  return {
    kind: 'retrain',
    ...(await readWorkingSource(o)),
    gray: model.task.gray,
    config: model.task.config,
    plan: model.task.plan,
    scales: await withRetries(() => model.readScales(), retry),
    scale,
    colours,
    checkpoints: await withRetries(() => readCheckpoints(rows, { ...options, claim: context.claim }), retry),
    checkpointIntervalMs: options.checkpointIntervalMs,
  };
}

async function recordEvent(event: TaskEvent, { context, options }: Preparation, wanted: Wanted): Promise<void> {
  const { database, store } = options;
  const { claim } = context;
  const retry = retryUntilLost(context);
  switch (event.type) {
    case 'progress':
      return withRetries(() => recordProgress(database, claim, event.progress), retry);
    case 'log':
      return withRetries(() => recordLog(database, claim, event.level, event.message), retry);
    case 'checkpoint':
      return withRetries(() => saveCheckpoint(event, claim, options), retry);
    case 'variant-finished':
      return withRetries(() => storeVariant(event.bytes, { store, key: variantKey(claim.model.id, wanted) }), retry);
    default:
      throw new AppError('internal', `expected no ${event.type} from a retraining`);
  }
}

/** Another job may have been first: then its file counts. */
async function storeVariant(
  bytes: Uint8Array,
  { store, key }: { store: Preparation['options']['store']; key: string },
): Promise<void> {
  try {
    await store.put(key, bytes, { contentType: 'application/octet-stream', ifAbsent: true });
  } catch (error) {
    if (toAppError(error).code !== 'storage.exists') throw error;
  }
}
