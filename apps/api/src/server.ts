import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '@singan/config';
import { applyMigrations, createDatabase, createJobListener } from '@singan/database';
import { createIdFactory, systemClock } from '@singan/domain';
import { isMp4Available } from '@singan/imaging';
import { createQueues } from '@singan/queue';
import { createObjectStore } from '@singan/storage';
import { destination, type Logger, pino } from 'pino';
import { buildApp } from './app.ts';
import type { ApiDependencies } from './dependencies.ts';
import { readSettings } from './read-settings.ts';

/** What a shutdown may take; a proxy has long moved on by then. */
const SHUTDOWN_TIMEOUT_MS = 10_000;

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  // The log goes to stderr: stdout has one line, the address, for whoever started this process.
  const logger = pino({ level: config.log.level, name: 'api' }, destination(2));
  await applyMigrations({ url: config.database.url });
  const dependencies = await makeDependencies(config, logger);
  const app = await buildApp(dependencies);
  closeOnSignal(logger, async () => {
    await app.close();
    await closeDependencies(dependencies);
  });
  const address = await app.listen({ host: config.http.host, port: config.http.port });
  process.stdout.write(`SinGAN service listening on ${address}\n`);
}

async function makeDependencies(config: Config, logger: Logger): Promise<ApiDependencies> {
  const { url } = config.database;
  return {
    database: createDatabase({ url }),
    listener: createJobListener({ url, logger }),
    store: createObjectStore(config.storage),
    queues: createQueues({ redisUrl: config.redis.url, logger }),
    settings: readSettings(config),
    clock: systemClock,
    ids: createIdFactory(systemClock),
    drawSeed: () => randomInt(2 ** 32),
    canWriteMp4: askedOnce(isMp4Available),
    logger,
    uploadDirectory: await mkdtemp(join(tmpdir(), 'singan-uploads-')),
  };
}

/** Asks when the answer is first needed, and keeps it: finding out starts a process. */
function askedOnce(ask: () => Promise<boolean>): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

async function closeDependencies({
  database,
  listener,
  store,
  queues,
  uploadDirectory,
}: ApiDependencies): Promise<void> {
  await listener.close();
  await queues.close();
  await database.close();
  await store.close();
  await rm(uploadDirectory, { recursive: true, force: true });
}

function closeOnSignal(logger: Logger, close: () => Promise<void>): void {
  let isClosing = false;
  const stop = (signal: string): void => {
    if (isClosing) return;
    isClosing = true;
    logger.info({ signal }, 'shutting down');
    setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
