import type { JobError } from '@singan/contracts';
import { assertNever } from '@singan/domain';
import type { Claim } from './claim-job.ts';
import type { Database, Transaction } from './database.ts';
import { leaseLost } from './hold-lease.ts';
import { lockJob } from './locks.ts';
import { type Move, moveJob } from './move-job.ts';

export type JobOutcome =
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly error: JobError }
  | { readonly state: 'canceled' };

/**
 * Puts the end of the lease `leaseMs` after now by the database's clock.
 * @throws AppError lease.lost
 */
export async function renewLease(
  db: Database,
  claim: Claim,
  leaseMs: number,
): Promise<{ readonly isCancelRequested: boolean }> {
  const rows = await db.query(
    (client) => client.$queryRaw<{ cancel_requested: boolean }[]>`
      UPDATE "jobs" SET "lease_expires_at" = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      WHERE "id" = ${claim.job.id} AND "lease_token" = ${claim.token} AND "state" = 'running'
      RETURNING "cancel_requested"`,
  );
  const [row] = rows;
  if (row === undefined) throw leaseLost(claim);
  return { isCancelRequested: row.cancel_requested };
}

/**
 * Gives a job back to its queue, for another worker to go on from the newest checkpoint. A job whose cancel was asked for
 * meanwhile is canceled instead.
 * @throws AppError lease.lost
 */
export async function handBackJob(db: Database, claim: Claim): Promise<void> {
  await db.transaction(async (tx) => {
    const job = await lockHeldJob(tx, claim);
    if (job === null) throw leaseLost(claim);
    await moveJob(tx, {
      newId: db.newId,
      jobId: claim.job.id,
      move: { to: job.cancelRequested ? 'canceled' : 'queued' },
    });
  });
}

/**
 * Ends a job: its state, the model's, the events, the webhooks and their messages in one transaction. Calling it again with
 * the same outcome, because the answer was lost, changes nothing.
 * @throws AppError lease.lost
 */
export async function finishJob(db: Database, claim: Claim, outcome: JobOutcome): Promise<void> {
  await db.transaction(async (tx) => {
    const job = await lockHeldJob(tx, claim);
    if (job !== null) {
      await moveJob(tx, { newId: db.newId, jobId: claim.job.id, move: moveOf(outcome) });
      return;
    }
    const isDone = await tx.job.findFirst({
      where: { id: claim.job.id, leaseToken: claim.token, state: outcome.state },
      select: { id: true },
    });
    if (isDone === null) throw leaseLost(claim);
  });
}

async function lockHeldJob(tx: Transaction, claim: Claim): Promise<{ cancelRequested: boolean } | null> {
  if (!(await lockJob(tx, claim.job.id))) return null;
  return tx.job.findFirst({
    where: { id: claim.job.id, leaseToken: claim.token, state: 'running' },
    select: { cancelRequested: true },
  });
}

function moveOf(outcome: JobOutcome): Move {
  switch (outcome.state) {
    case 'succeeded':
    case 'canceled':
      return { to: outcome.state };
    case 'failed':
      return { to: 'failed', error: outcome.error };
    default:
      return assertNever(outcome);
  }
}
