import { type Database, getModel, purgeModel } from '@singan/database';
import type { ObjectStore } from '@singan/storage';
import type { Logger } from 'pino';
import { modelPrefix } from '../host/object-keys.ts';

const DELETE_BATCH = 500;

export interface PurgeOptions {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly logger: Logger;
}

/**
 * Removes a deleted model for good, its bytes first: while the rows are there, an interrupted removal is taken up again.
 * While one of its jobs still runs, nothing is removed but bytes; the end of that job sends the message again.
 */
export async function purge(modelId: string, { database, store, logger }: PurgeOptions): Promise<void> {
  // Bytes do not come back: nothing but the deletion in the database may lead here.
  if ((await getModel(database, modelId)) !== null) return;
  await deletePrefix(store, modelPrefix(modelId));
  const result = await purgeModel(database, modelId);
  logger.info({ modelId, result }, 'model.purge');
  // What a job wrote between the listing and its end.
  if (result === 'purged') await deletePrefix(store, modelPrefix(modelId));
}

async function deletePrefix(store: ObjectStore, prefix: string): Promise<void> {
  let batch: string[] = [];
  for await (const { key } of store.list(prefix)) {
    batch.push(key);
    if (batch.length < DELETE_BATCH) continue;
    await store.delete(batch);
    batch = [];
  }
  await store.delete(batch);
}
