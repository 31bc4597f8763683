import { reconcile, relayOutbox } from '@singan/database';
import { startReconciler, startRelay } from '@singan/queue';
import type { WorkerDependencies } from './worker-dependencies.ts';

const RELAY_INTERVAL_MS = 1000;
const RELAY_BATCH = 100;
const RECONCILE_INTERVAL_MS = 15_000;

/** Hands messages from Postgres to Redis, and again what Redis has lost; takes jobs back from workers that died. */
export function startDispatch(o: WorkerDependencies): { close(): Promise<void> } {
  const { database, listener, queues } = o;
  const logger = o.logger.child({ part: 'dispatch' });
  const relay = startRelay({
    relay: (publish) => relayOutbox(database, { limit: RELAY_BATCH, publish }),
    listen: (wake) => listener.onOutbox(wake),
    queues,
    logger,
    intervalMs: RELAY_INTERVAL_MS,
  });
  const reconciler = startReconciler({
    reconcile: (isKnown) => reconcile(database, { isKnown }),
    queues,
    logger,
    intervalMs: RECONCILE_INTERVAL_MS,
  });
  return {
    close: async () => {
      await Promise.all([relay.close(), reconciler.close()]);
    },
  };
}
