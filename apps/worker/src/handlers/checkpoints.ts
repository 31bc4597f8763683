import type { LossPoint } from '@singan/contracts';
import { type CheckpointRecord, type Claim, type Database, recordCheckpoint, recordLog } from '@singan/database';
import { type ErrorCode, toAppError } from '@singan/domain';
import type { ObjectStore } from '@singan/storage';
import { attemptKeys, notesKey } from '../host/object-keys.ts';
import { readVerified } from '../host/verified-object.ts';
import type { CheckpointCandidate, CheckpointReady, ScaleNotes } from '../protocol.ts';

interface Services {
  readonly database: Database;
  readonly store: ObjectStore;
}

const DAMAGED: ReadonlySet<ErrorCode> = new Set(['storage.corrupt', 'storage.not_found']);

/** Those that are whole, in their order. A damaged one costs what was trained since the one before, not the job. */
export async function readCheckpoints(
  rows: readonly CheckpointRecord[],
  o: Services & { readonly claim: Claim },
): Promise<CheckpointCandidate[]> {
  const candidates: CheckpointCandidate[] = [];
  for (const row of rows) {
    try {
      const bytes = await readVerified(o.store, row);
      candidates.push({ bytes, notes: await readNotes(o.store, row.key) });
    } catch (error) {
      const known = toAppError(error);
      if (!DAMAGED.has(known.code)) throw error;
      const message = `The checkpoint of scale ${row.scale} at iteration ${row.iteration} is damaged and left out: ${known.message}`;
      await recordLog(o.database, o.claim, 'warn', message);
    }
  }
  return candidates;
}

/** Only a curve and a clock: without them the scale's report begins at the checkpoint. */
async function readNotes(store: ObjectStore, checkpointKey: string): Promise<ScaleNotes | null> {
  try {
    const notes: { seconds: number; losses: LossPoint[] } = JSON.parse(
      (await store.get(notesKey(checkpointKey))).toString('utf8'),
    );
    return notes;
  } catch {
    return null;
  }
}

/** The object first, then its row: a row always names bytes that are there. */
export async function saveCheckpoint(
  event: CheckpointReady,
  claim: Claim,
  { database, store }: Services,
): Promise<void> {
  const { scale, iteration } = event;
  const keys = attemptKeys({ modelId: claim.model.id, jobId: claim.job.id, attempt: claim.attempt });
  const key = keys.checkpoint(scale, iteration);
  await store.put(notesKey(key), Buffer.from(JSON.stringify(event.notes)), { contentType: 'application/json' });
  const { sha256, sizeBytes } = await store.put(key, event.bytes, { contentType: 'application/octet-stream' });
  const obsolete = await recordCheckpoint(database, claim, { scale, iteration, key, sha256, sizeBytes });
  await store.delete(obsolete.flatMap((old) => [old, notesKey(old)]));
}
