import type { QueueStatus } from '@singan/contracts';
import { JOB_STATES, type JobKind, type JobState, WORK_QUEUES } from '@singan/domain';
import type { Database, Transaction } from './database.ts';

/** A worker that was silent for longer than this is not shown. */
const SHOWN_SECONDS = 60;

interface StateCounts {
  readonly queue: string;
  readonly state: string;
  readonly count: number;
  readonly oldest_seconds: number;
  readonly last_hour: number;
}

/** What waits, runs and was done, and which workers are there. Jobs of deleted models count too: they are still work. */
export async function queueStatus(db: Database): Promise<QueueStatus> {
  return db.query(async (client) => {
    const rows = await client.$queryRaw<StateCounts[]>`
      SELECT "queue", "state", count(*)::int AS "count",
        GREATEST(0, EXTRACT(EPOCH FROM clock_timestamp() - min("queued_at")))::float8 AS "oldest_seconds",
        (count(*) FILTER (WHERE "finished_at" > now() - interval '1 hour'))::int AS "last_hour"
      FROM "jobs" GROUP BY "queue", "state"`;
    return {
      queues: WORK_QUEUES.map((name) => ({ name, ...queueOf(rows.filter(({ queue }) => queue === name)) })),
      workers: await liveWorkers(client),
      undispatched: await client.outbox.count({ where: { dispatchedAt: null } }),
      pendingWebhooks: await client.webhookDelivery.count({ where: { state: 'pending' } }),
    };
  });
}

function queueOf(rows: readonly StateCounts[]) {
  const waiting = rows.filter(({ state }) => state === 'queued').map((row) => row.oldest_seconds);
  const count = (state: JobState) => sum(rows.filter((row) => row.state === state).map((row) => row.count));
  return {
    counts: Object.fromEntries(JOB_STATES.map((state) => [state, count(state)])) as Record<JobState, number>,
    oldestWaitingSeconds: waiting.length > 0 ? Math.max(...waiting) : null,
    finishedLastHour: sum(rows.map(({ last_hour }) => last_hour)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function liveWorkers(client: Transaction): Promise<QueueStatus['workers']> {
  const workers = await client.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "workers" WHERE "seen_at" > clock_timestamp() - ${SHOWN_SECONDS} * interval '1 second'`;
  const rows = await client.worker.findMany({
    where: { id: { in: workers.map(({ id }) => id) } },
    orderBy: { startedAt: 'asc' },
  });
  const running = await client.job.findMany({
    where: { state: 'running' },
    select: { id: true, kind: true, modelId: true, workerId: true },
  });
  return rows.map(({ id, roles, host, pid, engine, startedAt, seenAt }) => ({
    id,
    roles,
    host,
    pid,
    engine,
    startedAt: startedAt.toISOString(),
    seenAt: seenAt.toISOString(),
    running: running
      .filter(({ workerId }) => workerId === id)
      .map((job) => ({ jobId: job.id, kind: job.kind as JobKind, modelId: job.modelId })),
  }));
}
