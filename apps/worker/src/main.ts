import { loadConfig } from '@singan/config';
import { createDatabase, createJobListener } from '@singan/database';
import { createIdFactory, systemClock, toAppError } from '@singan/domain';
import { createQueues } from '@singan/queue';
import { createObjectStore } from '@singan/storage';
import { createWebhookAgent } from '@singan/webhooks';
import { pino } from 'pino';
import { startWorker } from './host/worker.ts';

/** A worker that does not come to its end in this time is ended: its leases run out, and its jobs are taken over. */
const SHUTDOWN_LIMIT_MS = 9500;

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = pino({ level: config.log.level, base: { app: 'worker', pid: process.pid } });
  const database = createDatabase({ url: config.database.url });
  const listener = createJobListener({ url: config.database.url, logger });
  const queues = createQueues({ redisUrl: config.redis.url, logger });
  const store = createObjectStore(config.storage);
  const webhookAgent = createWebhookAgent({ allowPrivate: config.webhooks.allowPrivate, clock: systemClock });
  const ids = createIdFactory(systemClock);
  const services = { database, listener, queues, store, webhookAgent, ids };
  const worker = await startWorker({ config, ...services, clock: systemClock, random: Math.random, logger });

  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'worker.stopping');
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
    await worker.close();
    // Connections to webhook receivers are not waited for: one that hangs would hold up the end.
    await Promise.all([queues.close(), listener.close(), store.close()]);
    await database.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'worker.stop_failed');
        process.exit(1);
      });
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${toAppError(error).message}\n`);
  process.exit(1);
});
