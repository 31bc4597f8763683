import type { JobError, JobEvent, WebhookEventType } from '@singan/contracts';
import {
  AppError,
  canTransitionJob,
  type IdFactory,
  isTerminalJobState,
  type JobState,
  type ModelState,
} from '@singan/domain';
import { announce } from './announce.ts';
import { appendEvents } from './append-events.ts';
import type { Transaction } from './database.ts';
import { enqueueJob, enqueuePurge } from './enqueue.ts';
import { type Job, Prisma } from './generated/client.ts';
import { toJson } from './json.ts';
import { databaseNow } from './locks.ts';

export type Move =
  | { readonly to: 'queued' | 'succeeded' | 'canceled' }
  | { readonly to: 'failed'; readonly error: JobError }
  | { readonly to: 'running'; readonly workerId: string; readonly leaseMs: number };

/** State of a model by the state of its training job. */
const MODEL_STATE: Record<JobState, ModelState> = {
  queued: 'queued',
  running: 'training',
  succeeded: 'ready',
  failed: 'failed',
  canceled: 'canceled',
};

const NO_LEASE = { leaseExpiresAt: null, workerId: null, attemptStartedAt: null } satisfies Prisma.JobUpdateInput;

/** What a retry forgets. Attempts go on counting: they are part of the keys of objects. */
const NEW_RUN = {
  finishedAt: null,
  startedAt: null,
  error: Prisma.DbNull,
  progress: Prisma.DbNull,
  cancelRequested: false,
  startsWithoutProgress: 0,
  queuedSeconds: 0,
  runSeconds: 0,
} satisfies Prisma.JobUpdateInput;

/**
 * Takes a job to another state, with all that follows from it: the model of a training, the events, the webhook deliveries
 * and the message to the queue. The caller holds the locks of the model and of the job (see locks.ts) and commits it all at once.
 */
export async function moveJob(tx: Transaction, o: { newId: IdFactory; jobId: string; move: Move }): Promise<Job> {
  const before = await tx.job.findUniqueOrThrow({ where: { id: o.jobId } });
  const from = before.state as JobState;
  if (!canTransitionJob(from, o.move.to))
    throw new AppError('internal', `job ${o.jobId} cannot go from ${from} to ${o.move.to}`);
  const now = await databaseNow(tx);
  const attempt = before.attempts + (o.move.to === 'running' ? 1 : 0);
  const events = eventsOf(o.move, attempt);
  const job = await tx.job.update({
    where: { id: o.jobId },
    data: { ...changeOf(before, o.move, now), state: o.move.to, eventSeq: { increment: events.length } },
  });
  if (job.kind === 'train') await moveModel(tx, job, now);
  await appendEvents(tx, { jobId: job.id, lastSeq: job.eventSeq, events });
  await announce(tx, { newId: o.newId, job, now, announcements: announcementsOf(before, job) });
  if (job.state === 'queued') await enqueueJob(tx, job);
  else if (from === 'running') await purgeIfDeleted(tx, job.modelId);
  return job;
}

function changeOf(before: Job, move: Move, now: Date): Prisma.JobUpdateInput {
  if (move.to === 'running') return claimChange(before, { ...move, now });
  const change = { ...NO_LEASE, runSeconds: before.runSeconds + ranSeconds(before, now) };
  if (move.to === 'failed') return { ...change, finishedAt: now, error: toJson(move.error) };
  if (move.to !== 'queued') return { ...change, finishedAt: now };
  const requeued = { ...change, queuedAt: now, dispatches: { increment: 1 } };
  return isTerminalJobState(before.state as JobState) ? { ...requeued, ...NEW_RUN } : requeued;
}

function claimChange(before: Job, o: { workerId: string; leaseMs: number; now: Date }): Prisma.JobUpdateInput {
  return {
    leaseToken: { increment: 1 },
    leaseExpiresAt: new Date(o.now.getTime() + o.leaseMs),
    workerId: o.workerId,
    attempts: { increment: 1 },
    startsWithoutProgress: { increment: 1 },
    attemptStartedAt: o.now,
    startedAt: before.startedAt ?? o.now,
    queuedSeconds: before.queuedSeconds + secondsBetween(before.queuedAt, o.now),
  };
}

/** A worker that died ran no longer than its lease. */
function ranSeconds(job: Job, now: Date): number {
  if (job.attemptStartedAt === null || job.leaseExpiresAt === null) return 0;
  return secondsBetween(job.attemptStartedAt, job.leaseExpiresAt < now ? job.leaseExpiresAt : now);
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1000;
}

function eventsOf(move: Move, attempt: number): JobEvent[] {
  const state: JobEvent = { type: 'state', state: move.to, attempt };
  if (move.to === 'queued' || move.to === 'running') return [state];
  return [state, { type: 'done', state: move.to, error: move.to === 'failed' ? move.error : null }];
}

function announcementsOf(before: Job, job: Job): { type: WebhookEventType; state: string }[] {
  const model = MODEL_STATE[job.state as JobState];
  switch (job.state as JobState) {
    case 'queued':
      return [];
    case 'running':
      return before.startedAt === null ? [{ type: 'job.started', state: job.state }] : [];
    case 'succeeded': {
      const done = [{ type: 'job.succeeded' as const, state: job.state }];
      return job.kind === 'train' ? [...done, { type: 'model.ready', state: model }] : done;
    }
    case 'failed': {
      const done = [{ type: 'job.failed' as const, state: job.state }];
      return job.kind === 'train' ? [...done, { type: 'model.failed', state: model }] : done;
    }
    case 'canceled':
      return [{ type: 'job.canceled', state: job.state }];
  }
}

async function moveModel(tx: Transaction, job: Job, now: Date): Promise<void> {
  const state = MODEL_STATE[job.state as JobState];
  await tx.model.update({
    where: { id: job.modelId },
    data: { state, readyAt: state === 'ready' ? now : null },
    select: { id: true },
  });
}

/** While a job ran, the purge of its deleted model was refused; now it may go on. */
async function purgeIfDeleted(tx: Transaction, modelId: string): Promise<void> {
  const model = await tx.model.findUniqueOrThrow({ where: { id: modelId }, select: { deletedAt: true } });
  if (model.deletedAt !== null) await enqueuePurge(tx, modelId);
}
