import {
  jobErrorSchema,
  progressSchema,
  type WebhookEventType,
  type WebhookPayload,
  webhookRequestSchema,
} from '@singan/contracts';
import type { IdFactory } from '@singan/domain';
import type { Transaction } from './database.ts';
import { enqueueDelivery } from './enqueue.ts';
import type { Job } from './generated/client.ts';
import { fromNullableJson, toJson } from './json.ts';
import { jobLink, modelLink } from './links.ts';

interface Announcement {
  readonly type: WebhookEventType;
  /** State of what the type is about: the job, or its model. */
  readonly state: string;
}

/** Writes the webhook deliveries, and their messages, for those events that the job's webhook asked for. */
export async function announce(
  tx: Transaction,
  o: { newId: IdFactory; job: Job; now: Date; announcements: readonly Announcement[] },
): Promise<void> {
  const webhook = fromNullableJson(webhookRequestSchema, o.job.webhook, 'jobs.webhook');
  if (webhook === null) return;
  for (const announcement of o.announcements) {
    if (!webhook.events.includes(announcement.type)) continue;
    const delivery = await tx.webhookDelivery.create({
      data: {
        id: o.newId('whd'),
        eventId: o.newId('evt'),
        type: announcement.type,
        url: webhook.url,
        payload: toJson(payloadOf(o.job, o.now, announcement)),
        jobId: o.job.id,
        modelId: o.job.modelId,
        dispatches: 1,
      },
    });
    await enqueueDelivery(tx, delivery);
  }
}

function payloadOf(job: Job, now: Date, { type, state }: Announcement): WebhookPayload {
  const progress = fromNullableJson(progressSchema, job.progress, 'jobs.progress');
  return {
    type,
    timestamp: now.toISOString(),
    data: {
      modelId: job.modelId,
      jobId: job.id,
      kind: job.kind,
      state,
      error: fromNullableJson(jobErrorSchema, job.error, 'jobs.error'),
      progress: progress && { fraction: progress.fraction, etaSeconds: progress.etaSeconds },
      links: { job: jobLink(job.id), model: modelLink(job.modelId) },
    },
  };
}
