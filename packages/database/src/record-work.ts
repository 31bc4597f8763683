import { type JobEvent, PREVIEW_KINDS, type Progress } from '@singan/contracts';
import { announce } from './announce.ts';
import { appendEvents } from './append-events.ts';
import type { Claim } from './claim-job.ts';
import type { Database, Transaction } from './database.ts';
import type { Prisma } from './generated/client.ts';
import { changeHeldJob } from './hold-lease.ts';
import { toJson } from './json.ts';
import { artifactContentLink } from './links.ts';
import { databaseNow } from './locks.ts';
import type { CheckpointRecord, NewArtifact } from './records.ts';
import { toArtifactRow } from './rows.ts';

const KEPT_CHECKPOINTS = 2;
/** By time before iteration: a training that fell back from a damaged checkpoint writes smaller iterations later. */
export const NEWEST_CHECKPOINT_FIRST = [
  { scale: 'desc' },
  { createdAt: 'desc' },
  { iteration: 'desc' },
] satisfies Prisma.CheckpointOrderByWithRelationInput[];
/** Shortest time between two job.progress webhooks of a job. */
const PROGRESS_WEBHOOK_MS = 500;

/** What a job runs on. @throws AppError lease.lost, as all functions of this file */
export async function recordEngine(
  db: Database,
  claim: Claim,
  o: { engine: string; isa: string; threads: number; device: string },
): Promise<void> {
  const { engine, isa, threads, device } = o;
  await db.query((client) => changeHeldJob(client, claim, { engine, isa, threads, device }));
}

/** Replaces the progress of a job; only the newest is kept. */
export async function recordProgress(db: Database, claim: Claim, progress: Progress): Promise<void> {
  const data = { progress: toJson(progress) };
  if (!claim.job.webhook?.events.includes('job.progress')) {
    await db.query((client) => changeHeldJob(client, claim, data));
    return;
  }
  await db.transaction(async (tx) => {
    const job = await changeHeldJob(tx, claim, data);
    const now = await databaseNow(tx);
    if (job.progressAnnouncedAt !== null && now.getTime() - job.progressAnnouncedAt.getTime() < PROGRESS_WEBHOOK_MS)
      return;
    await tx.job.update({ where: { id: job.id }, data: { progressAnnouncedAt: now }, select: { id: true } });
    const announcements = [{ type: 'job.progress', state: job.state }] as const;
    await announce(tx, { newId: db.newId, job, now, announcements });
  });
}

export async function recordLog(
  db: Database,
  claim: Claim,
  level: 'info' | 'warn' | 'error',
  message: string,
): Promise<void> {
  await db.transaction((tx) => appendHeldEvents(tx, claim, [{ type: 'log', level, message }]));
}

/**
 * A checkpoint whose bytes are in the store.
 * @returns keys of older ones that no row names any more; their objects may be deleted
 */
export async function recordCheckpoint(db: Database, claim: Claim, checkpoint: CheckpointRecord): Promise<string[]> {
  return db.transaction(async (tx) => {
    const job = await changeHeldJob(tx, claim, { startsWithoutProgress: 0 });
    const { sizeBytes, ...rest } = checkpoint;
    // the same call again, after a lost answer, adds nothing
    await tx.checkpoint.createMany({
      data: { ...rest, sizeBytes: BigInt(sizeBytes), modelId: job.modelId, jobId: job.id },
      skipDuplicates: true,
    });
    const older = await tx.checkpoint.findMany({
      where: { jobId: job.id },
      orderBy: NEWEST_CHECKPOINT_FIRST,
      skip: KEPT_CHECKPOINTS,
      select: { key: true },
    });
    return deleteCheckpoints(
      tx,
      older.map(({ key }) => key),
    );
  });
}

export async function deleteCheckpoints(tx: Transaction, keys: string[]): Promise<string[]> {
  if (keys.length > 0) await tx.checkpoint.deleteMany({ where: { key: { in: keys } } });
  return keys;
}

/**
 * Everything that a job other than a training made, announced by preview events. What an earlier attempt recorded stays (the same
 * seed draws the same picture). Checkpoints of the job are of no further use.
 * @returns keys of objects that no row names; they may be deleted
 */
export async function recordOutputs(db: Database, claim: Claim, artifacts: readonly NewArtifact[]): Promise<string[]> {
  return db.transaction(async (tx) => {
    await changeHeldJob(tx, claim, { eventSeq: { increment: 0 } });
    const added = await addArtifacts(tx, claim, artifacts);
    await appendHeldEvents(tx, claim, added.flatMap(previewOf));
    const spent = await tx.checkpoint.findMany({ where: { jobId: claim.job.id }, select: { key: true } });
    const checkpoints = await deleteCheckpoints(
      tx,
      spent.map(({ key }) => key),
    );
    return [...(await unnamedKeys(tx, artifacts)), ...checkpoints];
  });
}

/** Adds those that are not there yet and returns them. */
export async function addArtifacts(
  tx: Transaction,
  claim: Claim,
  artifacts: readonly NewArtifact[],
): Promise<NewArtifact[]> {
  const data = artifacts.map((artifact) => toArtifactRow({ artifact, modelId: claim.model.id, jobId: claim.job.id }));
  const rows = await tx.artifact.createManyAndReturn({ data, skipDuplicates: true, select: { id: true } });
  const ids = new Set(rows.map(({ id }) => id));
  return artifacts.filter(({ id }) => ids.has(id));
}

async function unnamedKeys(tx: Transaction, artifacts: readonly NewArtifact[]): Promise<string[]> {
  const keys = artifacts.map(({ key }) => key);
  const named = await tx.artifact.findMany({ where: { key: { in: keys } }, select: { key: true } });
  const known = new Set(named.map(({ key }) => key));
  return keys.filter((key) => !known.has(key));
}

export async function appendHeldEvents(tx: Transaction, claim: Claim, events: readonly JobEvent[]): Promise<void> {
  if (events.length === 0) return;
  const job = await changeHeldJob(tx, claim, { eventSeq: { increment: events.length } });
  await appendEvents(tx, { jobId: job.id, lastSeq: job.eventSeq, events });
}

/** A picture worth showing while the job runs. */
export function previewOf(artifact: NewArtifact): JobEvent[] {
  const { id } = artifact;
  const kind = PREVIEW_KINDS.find((preview) => preview === artifact.kind);
  if (kind === undefined) return [];
  const links = { content: artifactContentLink(id) };
  return [{ type: 'preview', scale: artifact.scale ?? 0, artifact: id, kind, links }];
}
