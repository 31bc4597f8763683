import { reconcile, relayOutbox } from '@singan/database';
import { startReconciler, startRelay } from '@singan/queue';
import fp from 'fastify-plugin';
import type { ApiDependencies } from '../dependencies.ts';

/** How often to look without being woken: the listener wakes the relay at once, so this is for lost wakes only. */
const RELAY_INTERVAL_MS = 1000;
const RELAY_BATCH = 100;
const RECONCILE_INTERVAL_MS = 15_000;

/**
 * Hands jobs from Postgres to Redis, and again what Redis has lost, so that they flow without another process. Every replica may:
 * rows are claimed with SKIP LOCKED. It begins when the server is ready; a server that only builds its routes dispatches nothing.
 */
export default fp<ApiDependencies>(
  async (app, { database, listener, queues, logger }) => {
    const parts: { close(): Promise<void> }[] = [];
    app.addHook('onReady', async () => {
      const relay = startRelay({
        relay: (publish) => relayOutbox(database, { limit: RELAY_BATCH, publish }),
        listen: (wake) => listener.onOutbox(wake),
        queues,
        logger: logger.child({ part: 'relay' }),
        intervalMs: RELAY_INTERVAL_MS,
      });
      const reconciler = startReconciler({
        reconcile: (isKnown) => reconcile(database, { isKnown }),
        queues,
        logger: logger.child({ part: 'reconciler' }),
        intervalMs: RECONCILE_INTERVAL_MS,
      });
      parts.push(relay, reconciler);
    });
    app.addHook('onClose', async () => {
      await Promise.all(parts.map((part) => part.close()));
    });
  },
  { name: 'dispatch' },
);
