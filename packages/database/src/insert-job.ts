import type { WebhookRequest } from '@singan/contracts';
import { type JobKind, queueOfJob } from '@singan/domain';
import { appendEvents } from './append-events.ts';
import type { Transaction } from './database.ts';
import { enqueueJob } from './enqueue.ts';
import { toJson, toNullableJson } from './json.ts';
import type { JobRecord, NewArtifact } from './records.ts';
import { JOB_INCLUDE, toArtifactRow, toJobRecord } from './rows.ts';

interface InsertedJob {
  readonly jobId: string;
  readonly modelId: string;
  readonly kind: JobKind;
  readonly input: object;
  readonly inputs?: readonly NewArtifact[];
  readonly webhook: WebhookRequest | null;
}

/** A queued job with the pictures it works on, its first event and its message to the queue. */
export async function insertJob(tx: Transaction, o: InsertedJob): Promise<void> {
  const { jobId, modelId, kind, input, inputs = [], webhook } = o;
  const queue = queueOfJob(kind, input);
  const data = { id: jobId, modelId, kind, queue, input: toJson(input), webhook: toNullableJson(webhook) };
  const job = await tx.job.create({ data: { ...data, dispatches: 1, eventSeq: 1 } });
  await tx.artifact.createMany({ data: inputs.map((artifact) => toArtifactRow({ artifact, modelId, jobId })) });
  await appendEvents(tx, { jobId, lastSeq: 1, events: [{ type: 'state', state: 'queued', attempt: 0 }] });
  await enqueueJob(tx, job);
}

export async function readJob(tx: Transaction, id: string): Promise<JobRecord> {
  return toJobRecord(await tx.job.findUniqueOrThrow({ where: { id }, include: JOB_INCLUDE }));
}
