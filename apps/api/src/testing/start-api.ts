import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, createDatabase, createJobListener, type JobListener } from '@singan/database';
import { createIdFactory, systemClock } from '@singan/domain';
import { createQueues } from '@singan/queue';
import { createLocalStore, type ObjectStore } from '@singan/storage';
import { createTestDatabase, type RedisServer, startRedis } from '@singan/testkit';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { buildApp } from '../app.ts';
import type { ApiDependencies, ApiSettings } from '../dependencies.ts';

const SETTINGS: ApiSettings = {
  uploads: { maxBytes: 2 * 2 ** 20, maxPixels: 50_000_000, maxSidePx: 30_000 },
  sampleMaxPixels: 4_000_000,
  animationMaxPixels: 1_000_000,
  trainingMemoryBytes: 8 * 2 ** 30,
  trainingGigaFlops: 10,
  requestsPerMinute: 100_000,
  isPrivateWebhookAllowed: true,
  pictureOrigins: [],
  // A machine that is busy with other tests must not turn requests away.
  overload: { maxEventLoopDelayMs: 60_000, maxDatabaseMs: 60_000 },
};

/** What is kept anywhere: rows of every table that a request may write, objects, temporary files. */
export interface Traces {
  readonly rows: Record<string, number>;
  readonly objects: string[];
  readonly temporaryFiles: string[];
}

export interface TestApi {
  readonly app: FastifyInstance;
  /** Address of the listening server, without a slash at the end. */
  readonly url: string;
  readonly dependencies: ApiDependencies;
  readonly redis: RedisServer;
  /** Runs a statement on the database, to make a state that no caller can. */
  sql(statement: string): Promise<void>;
  traces(): Promise<Traces>;
  /** Readers of job changes that are there now. */
  subscriptions(): number;
  close(): Promise<void>;
}

const TABLES = [
  'models',
  'jobs',
  'artifacts',
  'evaluations',
  'job_events',
  'outbox',
  'idempotency_keys',
  'webhook_deliveries',
];

/** The whole API on a database, a Redis and a folder (or another store) of its own, listening on a free port. */
export async function startApi(
  settings: Partial<ApiSettings> = {},
  store?: ObjectStore,
  changes: Partial<Pick<ApiDependencies, 'canWriteMp4'>> = {},
): Promise<TestApi> {
  const [databaseUrl, redis, directory] = await Promise.all([createTestDatabase(), startRedis(), makeDirectory()]);
  await applyMigrations({ url: databaseUrl });
  const logger = pino({ level: 'silent' });
  const uploadDirectory = await mkdtemp(join(directory, 'uploads-'));
  const { listener, count } = countSubscriptions(createJobListener({ url: databaseUrl, logger }));
  const dependencies: ApiDependencies = {
    database: createDatabase({ url: databaseUrl }),
    listener,
    store: store ?? createLocalStore({ directory: join(directory, 'store') }),
    queues: createQueues({ redisUrl: redis.url, logger }),
    settings: { ...SETTINGS, ...settings },
    clock: systemClock,
    ids: createIdFactory(systemClock),
    drawSeed: () => randomInt(2 ** 32),
    canWriteMp4: async () => false,
    logger,
    uploadDirectory,
    ...changes,
  };
  const app = await buildApp(dependencies);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();

  return {
    app,
    url,
    dependencies,
    redis,
    subscriptions: count,
    sql: async (statement) => {
      await client.query(statement);
    },
    traces: async () => ({
      rows: await countRows(client),
      objects: await listKeys(dependencies),
      temporaryFiles: await readdir(uploadDirectory),
    }),
    close: async () => {
      await app.close();
      await client.end();
      await dependencies.listener.close();
      await dependencies.queues.close();
      await dependencies.database.close();
      await dependencies.store.close();
      await redis.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function makeDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'singan-api-test-'));
}

/** The listener itself, with its subscriptions counted on the way. */
function countSubscriptions(listener: JobListener): { listener: JobListener; count: () => number } {
  const open = new Set<symbol>();
  const subscribe: JobListener['subscribe'] = (jobId, changed) => {
    const mark = Symbol(jobId);
    open.add(mark);
    const unsubscribe = listener.subscribe(jobId, changed);
    return () => {
      open.delete(mark);
      unsubscribe();
    };
  };
  const counted: JobListener = {
    ready: listener.ready,
    subscribe,
    onOutbox: (wake) => listener.onOutbox(wake),
    close: () => listener.close(),
  };
  return { listener: counted, count: () => open.size };
}

async function listKeys({ store }: ApiDependencies): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys.sort();
}

async function countRows(client: pg.Client): Promise<Record<string, number>> {
  const counts = TABLES.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const { rows } = await client.query(`SELECT ${counts.join(', ')}`);
  return rows[0];
}
