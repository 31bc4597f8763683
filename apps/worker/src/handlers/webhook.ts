import { type Database, getDelivery, recordDeliveryAttempt } from '@singan/database';
import type { Clock } from '@singan/domain';
import { type DeliveryResult, deliverWebhook, nextAttemptDelay, type WebhookAgent } from '@singan/webhooks';
import type { Logger } from 'pino';

export interface WebhookHandlerOptions {
  readonly database: Database;
  readonly agent: WebhookAgent;
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Makes one attempt of a delivery, and writes what follows from it. */
export async function attemptDelivery(deliveryId: string, o: WebhookHandlerOptions): Promise<void> {
  const delivery = await getDelivery(o.database, deliveryId);
  if (delivery === null || delivery.state !== 'pending') return;
  const { eventId: id, url, payload } = delivery;
  const result = await deliverWebhook({ id, url, payload, secrets: [o.signingSecret] }, o.agent);
  const isDelivered = result.outcome === 'delivered';
  const reason = isDelivered ? null : `${result.reason}: ${result.detail}`;
  const outcome = { delivered: isDelivered, status: result.status ?? null, reason };
  await recordDeliveryAttempt(o.database, deliveryId, outcome, nextAttemptAt(result, delivery.attempts + 1, o));
  o.logger.info({ deliveryId, type: delivery.type, attempt: delivery.attempts + 1, ...outcome }, 'webhook.attempted');
}

function nextAttemptAt(result: DeliveryResult, attempts: number, o: WebhookHandlerOptions): Date | null {
  if (result.outcome === 'delivered' || !result.retryable) return null;
  const delayMs = nextAttemptDelay(attempts, o.random);
  return delayMs === null ? null : new Date(o.clock.now().getTime() + delayMs);
}
