import { AppError } from '@singan/domain';
import type { Database, Transaction } from './database.ts';
import { lockJob } from './locks.ts';
import { moveJob } from './move-job.ts';
import type { JobRecord, ModelRecord } from './records.ts';
import { JOB_INCLUDE, MODEL_INCLUDE, toJobRecord, toModelRecord } from './rows.ts';

/** Starts that may end without a finished scale or a checkpoint before the job is given up. */
export const MAX_STARTS_WITHOUT_PROGRESS = 3;

/** The right to work on a job. Every write of a worker carries its token; a later claim makes it void. */
export interface Claim {
  readonly job: JobRecord;
  readonly model: ModelRecord;
  readonly token: bigint;
  readonly attempt: number;
}

/**
 * Takes the lease of a queued job: of any number of workers that try at once, one gets it.
 * Null when there is nothing to do: the job runs elsewhere, has ended, is gone, or was just failed as poison.
 */
export async function claimJob(
  db: Database,
  o: { jobId: string; workerId: string; leaseMs: number },
): Promise<Claim | null> {
  return db.transaction(async (tx) => {
    if (!(await lockJob(tx, o.jobId))) return null;
    const job = await tx.job.findUniqueOrThrow({ where: { id: o.jobId }, include: { model: true } });
    if (job.state !== 'queued' || job.model.deletedAt !== null) return null;
    if (job.startsWithoutProgress >= MAX_STARTS_WITHOUT_PROGRESS) {
      await moveJob(tx, { newId: db.newId, jobId: o.jobId, move: { to: 'failed', error: poisonError() } });
      return null;
    }
    const move = { to: 'running', workerId: o.workerId, leaseMs: o.leaseMs } as const;
    const { leaseToken, attempts } = await moveJob(tx, { newId: db.newId, jobId: o.jobId, move });
    return { ...(await readClaimed(tx, o.jobId)), token: leaseToken, attempt: attempts };
  });
}

async function readClaimed(tx: Transaction, jobId: string): Promise<{ job: JobRecord; model: ModelRecord }> {
  const row = await tx.job.findUniqueOrThrow({
    where: { id: jobId },
    include: { ...JOB_INCLUDE, model: { include: MODEL_INCLUDE } },
  });
  return { job: toJobRecord(row), model: toModelRecord(row.model) };
}

function poisonError() {
  const error = new AppError(
    'job.poison',
    `the job was started ${MAX_STARTS_WITHOUT_PROGRESS} times and each time ended without a finished scale or a checkpoint`,
  );
  return { code: error.code, title: error.title, detail: error.message, retryable: error.retryable };
}
