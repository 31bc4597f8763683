import { TOPICS } from '@singan/contracts';
import { z } from 'zod';
import type { Database, Transaction } from './database.ts';
import { fromJson } from './json.ts';
import type { OutboxMessage } from './records.ts';

/** The rows stay locked while they are published; a publisher that hangs loses them to the next relay after this time. */
const RELAY_TIMEOUT_MS = 30_000;

const topicSchema = z.enum(TOPICS);
const payloadSchema = z.record(z.string(), z.unknown());

interface OutboxRow {
  readonly id: bigint;
  readonly topic: string;
  readonly message_id: string;
  readonly payload: unknown;
  readonly delay_ms: number;
}

/**
 * Publishes messages that were not yet, oldest first, and marks each. Relays at work at the same time share the rows. A
 * crash between the two publishes a message again, under the same id. When publishing fails, what was published before
 * stays marked and the error is thrown.
 * @returns how many were published; less than `limit` when there is no more
 */
export async function relayOutbox(
  db: Database,
  o: { limit: number; publish: (message: OutboxMessage) => Promise<void> },
): Promise<number> {
  const fault: { error?: unknown } = {};
  const count = await db.transaction(async (tx) => {
    const rows = await takeRows(tx, o.limit);
    const published: bigint[] = [];
    try {
      for (const row of rows) {
        await o.publish(toMessage(row));
        published.push(row.id);
      }
    } catch (error) {
      fault.error = error;
    }
    if (published.length > 0) await markDispatched(tx, published);
    return published.length;
  }, RELAY_TIMEOUT_MS);
  if ('error' in fault) throw fault.error;
  return count;
}

function takeRows(tx: Transaction, limit: number): Promise<OutboxRow[]> {
  return tx.$queryRaw<OutboxRow[]>`
    SELECT "id", "topic", "message_id", "payload",
      GREATEST(0, EXTRACT(EPOCH FROM "available_at" - clock_timestamp()) * 1000)::float8 AS "delay_ms"
    FROM "outbox" WHERE "dispatched_at" IS NULL
    ORDER BY "id" LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
}

async function markDispatched(tx: Transaction, ids: bigint[]): Promise<void> {
  await tx.$executeRaw`UPDATE "outbox" SET "dispatched_at" = clock_timestamp() WHERE "id" = ANY(${ids})`;
}

function toMessage(row: OutboxRow): OutboxMessage {
  return {
    id: row.id,
    topic: topicSchema.parse(row.topic),
    messageId: row.message_id,
    payload: fromJson(payloadSchema, row.payload, 'outbox.payload'),
    delayMs: Math.ceil(row.delay_ms),
  };
}
