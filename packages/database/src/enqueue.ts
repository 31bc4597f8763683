import type { Topic } from '@singan/contracts';
import type { WorkQueue } from '@singan/domain';
import type { Transaction } from './database.ts';
import { toJson } from './json.ts';

interface Message {
  readonly topic: Topic;
  readonly subjectId: string;
  /** Number of the message among those about its subject; part of its id. */
  readonly dispatch: number;
  readonly payload: Record<string, unknown>;
  readonly availableAt?: Date;
}

function enqueue(tx: Transaction, message: Message): Promise<unknown> {
  return tx.outbox.create({
    data: {
      topic: message.topic,
      messageId: `${message.subjectId}-${message.dispatch}`,
      subjectId: message.subjectId,
      payload: toJson(message.payload),
      ...(message.availableAt && { availableAt: message.availableAt }),
    },
    select: { id: true },
  });
}

export async function enqueueJob(
  tx: Transaction,
  job: { id: string; queue: string; dispatches: number },
): Promise<void> {
  const topic = job.queue as WorkQueue;
  await enqueue(tx, { topic, subjectId: job.id, dispatch: job.dispatches, payload: { jobId: job.id } });
}

export async function enqueueDelivery(
  tx: Transaction,
  delivery: { id: string; dispatches: number; nextAttemptAt: Date | null },
): Promise<void> {
  await enqueue(tx, {
    topic: 'webhooks',
    subjectId: delivery.id,
    dispatch: delivery.dispatches,
    payload: { deliveryId: delivery.id },
    ...(delivery.nextAttemptAt && { availableAt: delivery.nextAttemptAt }),
  });
}

/** Asks for the bytes and rows of a deleted model to be removed. */
export async function enqueuePurge(tx: Transaction, modelId: string): Promise<void> {
  const { dispatches } = await tx.model.update({
    where: { id: modelId },
    data: { dispatches: { increment: 1 } },
    select: { dispatches: true },
  });
  await enqueue(tx, { topic: 'maintenance', subjectId: modelId, dispatch: dispatches, payload: { modelId } });
}
