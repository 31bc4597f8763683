import type { JobEvent } from '@singan/contracts';
import type { Transaction } from './database.ts';
import { toJson } from './json.ts';

/**
 * Writes events under the last sequence numbers of a job. The caller has raised `jobs.event_seq` by their count in the same
 * transaction: the row lock that this takes is what keeps the order.
 */
export async function appendEvents(
  tx: Transaction,
  o: { jobId: string; lastSeq: number; events: readonly JobEvent[] },
): Promise<void> {
  const first = o.lastSeq - o.events.length + 1;
  await tx.jobEvent.createMany({
    data: o.events.map((event, index) => {
      const { type, ...data } = event;
      return { jobId: o.jobId, seq: first + index, type, data: toJson(data) };
    }),
  });
}
