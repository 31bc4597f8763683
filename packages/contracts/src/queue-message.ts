import { WORK_QUEUES } from '@singan/domain';
import { z } from 'zod';

/** What a work queue carries: only the id; Postgres says the rest. */
export const workMessageSchema = z.strictObject({ jobId: z.string() });
export type WorkMessage = z.infer<typeof workMessageSchema>;

/** What the webhook queue carries. */
export const webhookMessageSchema = z.strictObject({ deliveryId: z.string() });
export type WebhookMessage = z.infer<typeof webhookMessageSchema>;

/** What the maintenance queue carries: a deleted model whose bytes and rows are to be removed. */
export const maintenanceMessageSchema = z.strictObject({ modelId: z.string() });
export type MaintenanceMessage = z.infer<typeof maintenanceMessageSchema>;

/** Every queue: the two work queues, webhooks and maintenance. */
export const TOPICS = [...WORK_QUEUES, 'webhooks', 'maintenance'] as const;
export type Topic = (typeof TOPICS)[number];
