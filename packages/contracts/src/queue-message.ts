import { z } from 'zod';

/** What a work queue carries: only the id; Postgres says the rest. */
export const workMessageSchema = z.strictObject({ jobId: z.string() });
export type WorkMessage = z.infer<typeof workMessageSchema>;

/** What the webhook queue carries. */
export const webhookMessageSchema = z.strictObject({ deliveryId: z.string() });
export type WebhookMessage = z.infer<typeof webhookMessageSchema>;
