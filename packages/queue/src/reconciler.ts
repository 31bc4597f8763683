import type { Topic } from '@singan/contracts';
import type { Logger } from 'pino';
import { startLoop } from './loop.ts';
import type { Queues } from './queues.ts';

export interface ReconcilerOptions {
  /** Takes back jobs of dead workers and sends again what Redis lost. */
  readonly reconcile: (
    isKnown: (topic: Topic, messageIds: readonly string[]) => Promise<Set<string>>,
  ) => Promise<{ readonly expired: number; readonly redispatched: number }>;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly intervalMs: number;
}

/** Puts right what crashes left behind, at the start and every `intervalMs`. */
export function startReconciler(o: ReconcilerOptions): { close(): Promise<void> } {
  const { close } = startLoop({
    name: 'reconciler',
    logger: o.logger,
    intervalMs: o.intervalMs,
    run: async () => {
      const result = await o.reconcile((topic, messageIds) => o.queues.isKnown(topic, messageIds));
      if (result.expired + result.redispatched > 0) o.logger.info(result, 'reconciler: put right');
    },
  });
  return { close };
}
