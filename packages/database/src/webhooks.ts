import { WEBHOOK_EVENTS, webhookPayloadSchema } from '@singan/contracts';
import { z } from 'zod';
import type { Database } from './database.ts';
import { enqueueDelivery } from './enqueue.ts';
import { fromJson } from './json.ts';
import { databaseNow } from './locks.ts';
import type { DeliveryRecord } from './records.ts';

const eventTypeSchema = z.enum(WEBHOOK_EVENTS);
const deliveryStateSchema = z.enum(['pending', 'delivered', 'failed']);

/** How one try went. */
export interface DeliveryResult {
  readonly delivered: boolean;
  /** Status of the answer; null when there was none. */
  readonly status: number | null;
  /** What went wrong; null when it was delivered. */
  readonly reason: string | null;
}

export async function getDelivery(db: Database, id: string): Promise<DeliveryRecord | null> {
  const row = await db.query((client) => client.webhookDelivery.findUnique({ where: { id } }));
  if (row === null) return null;
  const { eventId, url, jobId, modelId, attempts, createdAt, nextAttemptAt } = row;
  return {
    id,
    eventId,
    url,
    jobId,
    modelId,
    attempts,
    createdAt,
    nextAttemptAt,
    type: eventTypeSchema.parse(row.type),
    state: deliveryStateSchema.parse(row.state),
    payload: fromJson(webhookPayloadSchema, row.payload, 'webhook_deliveries.payload'),
  };
}

/**
 * Logs a try and decides what follows: delivered, another try at `nextAttemptAt` (its message is written with it), or
 * failed for good when that is null. A delivery that is finished already is left as it is.
 */
export async function recordDeliveryAttempt(
  db: Database,
  id: string,
  result: DeliveryResult,
  nextAttemptAt: Date | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "webhook_deliveries" WHERE "id" = ${id} FOR NO KEY UPDATE`;
    const delivery = await tx.webhookDelivery.findUnique({ where: { id }, select: { state: true } });
    if (delivery?.state !== 'pending') return;
    const isFinal = result.delivered || nextAttemptAt === null;
    const change = isFinal
      ? { state: result.delivered ? 'delivered' : 'failed', finishedAt: await databaseNow(tx), nextAttemptAt: null }
      : { nextAttemptAt, dispatches: { increment: 1 } };
    const row = await tx.webhookDelivery.update({ where: { id }, data: { ...change, attempts: { increment: 1 } } });
    const { delivered, status, reason } = result;
    await tx.webhookAttempt.create({ data: { deliveryId: id, attempt: row.attempts, delivered, status, reason } });
    if (!isFinal) await enqueueDelivery(tx, row);
  });
}
