import { TOPICS, type Topic } from '@singan/contracts';
import type { Database } from './database.ts';
import { Prisma } from './generated/client.ts';
import { lockJob } from './locks.ts';
import { moveJob } from './move-job.ts';

const BATCH = 500;

/** True of an outbox row `o` whose subject still waits for exactly this message. */
const IS_WAITED_FOR = Prisma.sql`(
  EXISTS (SELECT 1 FROM "jobs" AS j WHERE j."id" = o."subject_id" AND j."state" = 'queued'
    AND o."message_id" = j."id" || '-' || j."dispatches")
  OR EXISTS (SELECT 1 FROM "webhook_deliveries" AS d WHERE d."id" = o."subject_id" AND d."state" = 'pending'
    AND o."message_id" = d."id" || '-' || d."dispatches")
  OR EXISTS (SELECT 1 FROM "models" AS m WHERE m."id" = o."subject_id" AND m."deleted_at" IS NOT NULL
    AND o."message_id" = m."id" || '-' || m."dispatches")
)`;

export interface ReconcileResult {
  /** Jobs taken from workers whose lease ran out. */
  readonly expired: number;
  /** Messages that Redis had lost. */
  readonly redispatched: number;
}

/**
 * Puts right what crashes left behind: jobs whose worker died go back to their queue; messages that Redis no longer knows
 * although their subject waits for them are sent again; rows of no further use are removed. Any number may run at once.
 * @param o.isKnown which of these messages Redis still holds
 */
export async function reconcile(
  db: Database,
  o: { isKnown: (topic: Topic, messageIds: readonly string[]) => Promise<Set<string>> },
): Promise<ReconcileResult> {
  const expired = await expireLeases(db);
  let redispatched = 0;
  for (const topic of TOPICS) redispatched += await redispatchLost(db, topic, o.isKnown);
  await removeSpent(db);
  return { expired, redispatched };
}

async function expireLeases(db: Database): Promise<number> {
  const rows = await db.query(
    (client) => client.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "jobs" WHERE "state" = 'running' AND "lease_expires_at" < clock_timestamp()
      ORDER BY "lease_expires_at" LIMIT ${BATCH}`,
  );
  let expired = 0;
  for (const { id } of rows) if (await expireLease(db, id)) expired++;
  return expired;
}

/** Looks again under the lock: the worker may have renewed, or another reconciler been here. */
async function expireLease(db: Database, jobId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await lockJob(tx, jobId))) return false;
    const [job] = await tx.$queryRaw<{ cancel_requested: boolean }[]>`
      SELECT "cancel_requested" FROM "jobs"
      WHERE "id" = ${jobId} AND "state" = 'running' AND "lease_expires_at" < clock_timestamp()`;
    if (job === undefined) return false;
    await moveJob(tx, { newId: db.newId, jobId, move: { to: job.cancel_requested ? 'canceled' : 'queued' } });
    return true;
  });
}

async function redispatchLost(
  db: Database,
  topic: Topic,
  isKnown: (topic: Topic, messageIds: readonly string[]) => Promise<Set<string>>,
): Promise<number> {
  let redispatched = 0;
  for (let after = 0n; ; ) {
    const rows = await dispatchedRows(db, topic, after);
    const known =
      rows.length > 0
        ? await isKnown(
            topic,
            rows.map(({ message_id }) => message_id),
          )
        : new Set<string>();
    const lost = rows.filter(({ message_id }) => !known.has(message_id)).map(({ id }) => id);
    if (lost.length > 0) redispatched += await sendAgain(db, lost);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return redispatched;
    after = last.id;
  }
}

function dispatchedRows(db: Database, topic: Topic, after: bigint): Promise<{ id: bigint; message_id: string }[]> {
  return db.query(
    (client) => client.$queryRaw<{ id: bigint; message_id: string }[]>`
      SELECT o."id", o."message_id" FROM "outbox" AS o
      WHERE o."topic" = ${topic} AND o."id" > ${after} AND o."dispatched_at" IS NOT NULL AND ${IS_WAITED_FOR}
      ORDER BY o."id" LIMIT ${BATCH}`,
  );
}

/** Only if its subject still waits: a worker may have taken the message since Redis was asked. */
function sendAgain(db: Database, ids: bigint[]): Promise<number> {
  return db.query(
    (client) => client.$executeRaw`
      UPDATE "outbox" AS o SET "dispatched_at" = NULL
      WHERE o."id" = ANY(${ids}) AND o."dispatched_at" IS NOT NULL AND ${IS_WAITED_FOR}`,
  );
}

async function removeSpent(db: Database): Promise<void> {
  await db.query(async (client) => {
    await client.$executeRaw`
      DELETE FROM "outbox" AS o
      WHERE o."dispatched_at" < now() - interval '1 hour' AND NOT ${IS_WAITED_FOR}`;
    await client.$executeRaw`DELETE FROM "idempotency_keys" WHERE "created_at" < now() - interval '24 hours'`;
    await client.$executeRaw`DELETE FROM "workers" WHERE "seen_at" < now() - interval '1 day'`;
  });
}
