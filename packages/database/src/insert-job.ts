import type { WebhookRequest } from '@singan/contracts';
import type { JobKind } from '@singan/domain';
import { appendEvents } from './append-events.ts';
import type { Transaction } from './database.ts';
import { enqueueJob } from './enqueue.ts';
import { toJson, toNullableJson } from './json.ts';
import type { JobRecord } from './records.ts';
import { JOB_INCLUDE, toJobRecord } from './rows.ts';

/** A queued job with its first event and its message to the queue. */
export async function insertJob(
  tx: Transaction,
  o: { jobId: string; modelId: string; kind: JobKind; input: object; webhook: WebhookRequest | null },
): Promise<void> {
  const { jobId, modelId, kind, input, webhook } = o;
  const data = { id: jobId, modelId, kind, input: toJson(input), webhook: toNullableJson(webhook) };
  const job = await tx.job.create({ data: { ...data, dispatches: 1, eventSeq: 1 } });
  await appendEvents(tx, { jobId, lastSeq: 1, events: [{ type: 'state', state: 'queued', attempt: 0 }] });
  await enqueueJob(tx, job);
}

export async function readJob(tx: Transaction, id: string): Promise<JobRecord> {
  return toJobRecord(await tx.job.findUniqueOrThrow({ where: { id }, include: JOB_INCLUDE }));
}
