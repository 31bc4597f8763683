import type { ModelState } from '@singan/domain';
import type { Database } from './database.ts';
import { enqueuePurge } from './enqueue.ts';
import type { Prisma } from './generated/client.ts';
import { databaseNow, lockModel } from './locks.ts';
import { moveJob } from './move-job.ts';
import { readCursor, toPage } from './pages.ts';
import { NEWEST_CHECKPOINT_FIRST } from './record-work.ts';
import type { CheckpointRecord, ModelRecord, Page, ScaleRecord, StoredFile } from './records.ts';
import { MODEL_INCLUDE, toModelRecord, toScaleRecord } from './rows.ts';

export interface ListModelsQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly state?: ModelState | undefined;
}

/** Null if there is none or it was deleted. */
export async function getModel(db: Database, id: string): Promise<ModelRecord | null> {
  const row = await db.query((client) =>
    client.model.findFirst({ where: { id, deletedAt: null }, include: MODEL_INCLUDE }),
  );
  return row && toModelRecord(row);
}

/** The model with its finished scales, coarsest first. */
export async function getModelWithScales(
  db: Database,
  id: string,
): Promise<{ readonly model: ModelRecord; readonly scales: readonly ScaleRecord[] } | null> {
  const row = await db.query((client) =>
    client.model.findFirst({
      where: { id, deletedAt: null },
      include: { ...MODEL_INCLUDE, scales: { orderBy: { index: 'asc' } } },
    }),
  );
  return row && { model: toModelRecord(row), scales: row.scales.map(toScaleRecord) };
}

/** Newest first. @throws AppError request.field_invalid for a cursor that is none */
export async function listModels(db: Database, query: ListModelsQuery): Promise<Page<ModelRecord>> {
  const before = readCursor(query.cursor, 'mdl');
  const rows = await db.query((client) =>
    client.model.findMany({
      where: {
        deletedAt: null,
        ...(query.state !== undefined && { state: query.state }),
        ...(before !== null && { id: { lt: before } }),
      },
      include: MODEL_INCLUDE,
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    }),
  );
  return toPage(rows, query.limit, toModelRecord);
}

/**
 * Hides a model from all readers at once, cancels its live jobs and asks maintenance to remove its bytes.
 * False if there is none or it was deleted before.
 */
export async function deleteModel(db: Database, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockModel(tx, id);
    const deletedAt = await databaseNow(tx);
    const { count } = await tx.model.updateMany({ where: { id, deletedAt: null }, data: { deletedAt } });
    if (count === 0) return false;
    const live = await tx.job.findMany({ where: { modelId: id, state: { in: ['queued', 'running'] } } });
    for (const job of live) {
      if (job.state === 'queued') await moveJob(tx, { newId: db.newId, jobId: job.id, move: { to: 'canceled' } });
      else await tx.job.updateMany({ where: { id: job.id }, data: { cancelRequested: true } });
    }
    await enqueuePurge(tx, id);
    return true;
  });
}

/**
 * Removes the rows of a deleted model, after its objects were removed. `busy`: a job of it still runs; when that ends,
 * another message asks again. A model that is gone already is `purged`; one that was not deleted is `busy`.
 */
export async function purgeModel(db: Database, id: string): Promise<'purged' | 'busy'> {
  return db.transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "models" WHERE "id" = ${id} FOR UPDATE`;
    const model = await tx.model.findUnique({
      where: { id },
      select: { deletedAt: true, _count: { select: { jobs: { where: { state: 'running' } } } } },
    });
    if (model === null) return 'purged';
    if (model.deletedAt === null || model._count.jobs > 0) return 'busy';
    await tx.model.delete({ where: { id }, select: { id: true } });
    return 'purged';
  });
}

/** Files of the finished scales, coarsest first. */
export async function scaleFiles(
  db: Database,
  modelId: string,
): Promise<readonly (StoredFile & { readonly scale: number })[]> {
  const rows = await db.query((client) => client.scale.findMany({ where: { modelId }, orderBy: { index: 'asc' } }));
  return rows.map((row) => ({ scale: row.index, ...toScaleRecord(row).file }));
}

/** Checkpoints of one scale in training, newest first; the next is for when one is damaged. */
export async function newestCheckpoints(
  db: Database,
  modelId: string,
  scale: number,
): Promise<readonly CheckpointRecord[]> {
  return readCheckpoints(db, { modelId, scale, job: { kind: 'train' } });
}

/** Checkpoints of any other job that trains, newest first: of a painting that retrains a scale. */
export async function jobCheckpoints(db: Database, jobId: string): Promise<readonly CheckpointRecord[]> {
  return readCheckpoints(db, { jobId });
}

async function readCheckpoints(db: Database, where: Prisma.CheckpointWhereInput): Promise<CheckpointRecord[]> {
  const rows = await db.query((client) => client.checkpoint.findMany({ where, orderBy: NEWEST_CHECKPOINT_FIRST }));
  return rows.map(({ key, sha256, sizeBytes, scale, iteration }) => ({
    key,
    sha256,
    sizeBytes: Number(sizeBytes),
    scale,
    iteration,
  }));
}
