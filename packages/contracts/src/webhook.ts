import { z } from 'zod';

/** Types of events a webhook may ask for. */
export const WEBHOOK_EVENTS = [
  'model.ready',
  'model.failed',
  'job.started',
  'job.progress',
  'job.succeeded',
  'job.failed',
  'job.canceled',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number];

const DEFAULT_WEBHOOK_EVENTS: WebhookEventType[] = [
  'model.ready',
  'model.failed',
  'job.succeeded',
  'job.failed',
  'job.canceled',
];

/** The `webhook` field of a create call. */
export const webhookRequestSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2048),
  events: z.array(z.enum(WEBHOOK_EVENTS)).min(1).default(DEFAULT_WEBHOOK_EVENTS),
});
export type WebhookRequest = z.infer<typeof webhookRequestSchema>;

/** Body of a delivery, under 20 kB: ids, states and links, never pictures. */
export const webhookPayloadSchema = z.object({
  type: z.enum(WEBHOOK_EVENTS),
  timestamp: z.iso.datetime(),
  data: z.object({
    modelId: z.string(),
    jobId: z.string(),
    kind: z.string(),
    state: z.string(),
    error: z.object({ code: z.string(), title: z.string(), detail: z.string(), retryable: z.boolean() }).nullable(),
    progress: z.object({ fraction: z.number(), etaSeconds: z.number().nullable() }).nullable(),
    links: z.object({ job: z.string(), model: z.string() }),
  }),
});
export type WebhookPayload = z.infer<typeof webhookPayloadSchema>;
