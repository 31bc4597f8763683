import type { WebhookRequest } from '@singan/contracts';
import { AppError, isTerminalJobState, type JobKind, type JobState } from '@singan/domain';
import type { Database, Transaction } from './database.ts';
import { completeWithin, type IdempotencyCompletion } from './idempotency.ts';
import { insertJob, readJob } from './insert-job.ts';
import { lockJob, lockModel } from './locks.ts';
import { moveJob } from './move-job.ts';
import { readCursor, toPage } from './pages.ts';
import type { JobRecord, NewArtifact, Page } from './records.ts';
import { JOB_INCLUDE, toJobRecord } from './rows.ts';

export interface NewJob {
  readonly jobId: string;
  readonly kind: Exclude<JobKind, 'train'>;
  readonly modelId: string;
  readonly input: object;
  /** Pictures of kinds `input-...`, at most one of a kind; none by default. */
  readonly inputs?: readonly NewArtifact[];
  readonly webhook: WebhookRequest | null;
  readonly idempotency?: IdempotencyCompletion<JobRecord>;
}

export interface ListJobsQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly state?: JobState | undefined;
  readonly kind?: JobKind | undefined;
  readonly modelId?: string | undefined;
}

/** @throws AppError model.not_found */
export async function createJob(db: Database, o: NewJob): Promise<JobRecord> {
  return db.transaction(async (tx) => {
    await lockModel(tx, o.modelId);
    const model = await tx.model.findFirst({ where: { id: o.modelId, deletedAt: null }, select: { id: true } });
    if (model === null) throw new AppError('model.not_found', `there is no model ${o.modelId}`);
    await insertJob(tx, o);
    const job = await readJob(tx, o.jobId);
    if (o.idempotency !== undefined) await completeWithin(tx, o.idempotency, job);
    return job;
  });
}

/** Null if there is none or its model was deleted. */
export async function getJob(db: Database, id: string): Promise<JobRecord | null> {
  const row = await db.query((client) =>
    client.job.findFirst({ where: { id, model: { deletedAt: null } }, include: JOB_INCLUDE }),
  );
  return row && toJobRecord(row);
}

/** Newest first. @throws AppError request.field_invalid for a cursor that is none */
export async function listJobs(db: Database, query: ListJobsQuery): Promise<Page<JobRecord>> {
  const before = readCursor(query.cursor, 'job');
  const rows = await db.query((client) =>
    client.job.findMany({
      where: {
        model: { deletedAt: null },
        ...(query.state !== undefined && { state: query.state }),
        ...(query.kind !== undefined && { kind: query.kind }),
        ...(query.modelId !== undefined && { modelId: query.modelId }),
        ...(before !== null && { id: { lt: before } }),
      },
      include: JOB_INCLUDE,
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    }),
  );
  return toPage(rows, query.limit, toJobRecord);
}

/** Place in its queue, 1 is next; null unless the job is queued. */
export async function jobPosition(db: Database, job: Pick<JobRecord, 'id'>): Promise<number | null> {
  const [row] = await db.query(
    (client) => client.$queryRaw<{ position: number }[]>`
      SELECT (
        SELECT count(*)::int FROM "jobs" AS ahead
        WHERE ahead."queue" = mine."queue" AND ahead."state" = 'queued'
          AND (ahead."queued_at", ahead."id") <= (mine."queued_at", mine."id")
      ) AS "position"
      FROM "jobs" AS mine WHERE mine."id" = ${job.id} AND mine."state" = 'queued'`,
  );
  return row?.position ?? null;
}

/**
 * A queued job is canceled at once, its model too if it is a training; a running one is flagged and its worker told; one
 * that has ended stays as it is.
 * @throws AppError job.not_found
 */
export async function requestCancel(db: Database, id: string): Promise<JobRecord> {
  return db.transaction(async (tx) => {
    const job = await lockVisibleJob(tx, id);
    if (job.state === 'queued') await moveJob(tx, { newId: db.newId, jobId: id, move: { to: 'canceled' } });
    if (job.state === 'running' && !job.cancelRequested)
      await tx.job.update({ where: { id }, data: { cancelRequested: true }, select: { id: true } });
    return readJob(tx, id);
  });
}

/**
 * Queues a failed or canceled job again; a training goes on from its finished scales and checkpoints.
 * @throws AppError job.not_found, job.not_retryable
 */
export async function retryJob(db: Database, id: string): Promise<JobRecord> {
  return db.transaction(async (tx) => {
    const { state } = await lockVisibleJob(tx, id);
    if (!isTerminalJobState(state) || state === 'succeeded')
      throw new AppError('job.not_retryable', `a failed or canceled job can be retried, this one is ${state}`);
    // the stream of events ends at `done`, so the old one must not be replayed before the new run
    await tx.jobEvent.deleteMany({ where: { jobId: id, type: 'done' } });
    await moveJob(tx, { newId: db.newId, jobId: id, move: { to: 'queued' } });
    return readJob(tx, id);
  });
}

async function lockVisibleJob(tx: Transaction, id: string): Promise<{ state: JobState; cancelRequested: boolean }> {
  if (await lockJob(tx, id)) {
    const job = await tx.job.findFirst({ where: { id, model: { deletedAt: null } } });
    if (job !== null) return { state: job.state as JobState, cancelRequested: job.cancelRequested };
  }
  throw new AppError('job.not_found', `there is no job ${id}`);
}
