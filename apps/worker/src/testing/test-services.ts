import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Config, loadConfig } from '@singan/config';
import type { InputKind, WebhookRequest } from '@singan/contracts';
import {
  applyMigrations,
  createDatabase,
  createJob,
  createJobListener,
  createModel,
  type Database,
  getJob,
  type JobListener,
  type JobRecord,
  type NewArtifact,
  type NewJob,
  readEvents,
  scaleFiles,
} from '@singan/database';
import { createIdFactory, type IdFactory, systemClock } from '@singan/domain';
import { createQueues } from '@singan/queue';
import { createLocalStore, type ObjectStore } from '@singan/storage';
import { createTestDatabase, startRedis } from '@singan/testkit';
import { createWebhookAgent } from '@singan/webhooks';
import { pino } from 'pino';
import { deferred } from '../host/deferred.ts';
import { startWorker, type Worker } from '../host/worker.ts';
import { TINY_SIZE, type TinyTraining } from './tiny-training.ts';
import type { LogLine } from './worker-process.ts';

/** Longer than anything here takes on a busy machine: a wait that fails, fails by this. */
const PATIENCE_MS = 90_000;

export const SIGNING_SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

type TestEnvironment = Readonly<Record<string, string>> & { readonly DATABASE_URL: string };

/** Real servers and a folder, for one file of tests. */
export class TestServices {
  readonly database: Database;
  readonly listener: JobListener;
  readonly store: ObjectStore;
  readonly ids: IdFactory = createIdFactory(systemClock);
  readonly environment: TestEnvironment;
  readonly objects: string;
  readonly #closers: (() => Promise<unknown>)[];

  static async start(): Promise<TestServices> {
    const [databaseUrl, redis] = [await createTestDatabase(), await startRedis()];
    await applyMigrations({ url: databaseUrl });
    const objects = await mkdtemp(path.join(tmpdir(), 'worker-test-'));
    const environment = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      STORAGE_DIR: objects,
      ENGINE: 'wasm',
      WEBHOOK_SIGNING_SECRET: SIGNING_SECRET,
      WEBHOOK_ALLOW_PRIVATE: 'true',
      CHECKPOINT_INTERVAL_MS: '1000',
    };
    const services = new TestServices(environment, objects, [
      () => redis.stop(),
      () => rm(objects, { recursive: true }),
    ]);
    await services.listener.ready;
    return services;
  }

  private constructor(environment: TestEnvironment, objects: string, closers: (() => Promise<unknown>)[]) {
    const logger = pino({ level: 'silent' });
    const url = environment.DATABASE_URL;
    this.environment = environment;
    this.objects = objects;
    this.database = createDatabase({ url });
    this.listener = createJobListener({ url, logger });
    this.store = createLocalStore({ directory: objects });
    this.#closers = closers;
  }

  async stop(): Promise<void> {
    await this.listener.close();
    await this.database.close();
    for (const close of this.#closers) await close();
  }

  /** A worker in this process (its children are processes of their own). A checkpoint follows every iteration. */
  async startWorker(o: { onLog?: (line: LogLine) => void; environment?: object } = {}): Promise<Worker> {
    const loaded = loadConfig({ ...this.environment, ...o.environment });
    const config: Config = { ...loaded, worker: { ...loaded.worker, checkpointIntervalMs: 0 } };
    const logger = pino({ level: 'info' }, { write: (line) => o.onLog?.(JSON.parse(line)) });
    const queues = createQueues({ redisUrl: config.redis.url, logger });
    const webhookAgent = createWebhookAgent({ allowPrivate: true, clock: systemClock });
    const { database, listener, store, ids } = this;
    const services = { database, listener, store, ids, queues, webhookAgent };
    const closeOwn = () => Promise.all([queues.close(), webhookAgent.close()]);
    try {
      const worker = await startWorker({ config, ...services, clock: systemClock, random: Math.random, logger });
      const close = () => worker.close().then(closeOwn);
      return { id: worker.id, close: async () => void (await close()) };
    } catch (error) {
      await closeOwn();
      throw error;
    }
  }

  async createModel(
    { source, size, config, plan }: TinyTraining,
    o: { gray?: boolean; webhook?: WebhookRequest } = {},
  ): Promise<{ modelId: string; jobId: string }> {
    const [modelId, jobId] = [this.ids('mdl'), this.ids('job')];
    const key = `models/${modelId}/source.png`;
    const stored = await this.store.put(key, source, { contentType: 'image/png' });
    await createModel(this.database, {
      modelId,
      jobId,
      name: null,
      metadata: {},
      config,
      source: {
        ...size,
        format: 'png',
        channels: 3,
        bitDepth: 8,
        colourSpace: 'srgb',
        orientation: 1,
        alpha: null,
      },
      working: size,
      gray: o.gray ?? false,
      pyramid: plan,
      estimate: { memoryBytes: 0, gigaFlops: 0, seconds: 0 },
      webhook: o.webhook ?? null,
      sourceArtifact: { id: this.ids('art'), kind: 'source', key, contentType: 'image/png', ...stored, ...size },
    });
    return { modelId, jobId };
  }

  /** A queued job with its pictures in the store, as the api accepts it. */
  async createJob(o: {
    kind: NewJob['kind'];
    modelId: string;
    input: object;
    pictures?: Partial<Record<InputKind, Buffer>>;
  }): Promise<string> {
    const { kind, modelId, input, pictures = {} } = o;
    const jobId = this.ids('job');
    const inputs: NewArtifact[] = [];
    for (const [name, bytes] of Object.entries(pictures)) {
      const key = `models/${modelId}/jobs/${jobId}/inputs/${name}.png`;
      const stored = await this.store.put(key, bytes, { contentType: 'image/png' });
      const facts = { id: this.ids('art'), kind: name as InputKind, key, contentType: 'image/png' };
      inputs.push({ ...facts, ...stored, ...TINY_SIZE });
    }
    await createJob(this.database, { jobId, kind, modelId, input, inputs, webhook: null });
    return jobId;
  }

  /** Resolves with what `probe` finds, looking again whenever the job changes. */
  async when<T>(jobId: string, what: string, probe: () => Promise<T | null>): Promise<T> {
    const found = deferred<T>();
    const look = (): void => {
      probe().then((value) => {
        if (value !== null) found.resolve(value);
      }, found.reject);
    };
    const unsubscribe = this.listener.subscribe(jobId, look);
    const timer = setTimeout(() => found.reject(new Error(`waited for ${what}: it did not come`)), PATIENCE_MS);
    try {
      look();
      return await found.promise;
    } finally {
      clearTimeout(timer);
      unsubscribe();
    }
  }

  whenJob(jobId: string, what: string, accept: (job: JobRecord) => boolean): Promise<JobRecord> {
    return this.when(jobId, what, async () => {
      const job = await getJob(this.database, jobId);
      return job !== null && accept(job) ? job : null;
    });
  }

  whenEnded(jobId: string): Promise<JobRecord> {
    return this.whenJob(jobId, 'the end of the job', (job) => job.finishedAt !== null);
  }

  /** Changes a byte of an object behind the store's back. */
  async damage(key: string): Promise<void> {
    const file = path.join(this.objects, 'objects', key);
    const bytes = await readFile(file);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(file, bytes);
  }

  async scaleBytes(modelId: string): Promise<Buffer[]> {
    const files = await scaleFiles(this.database, modelId);
    return Promise.all(files.map((file) => this.store.get(file.key)));
  }

  async logMessages(jobId: string): Promise<string[]> {
    const events = await readEvents(this.database, jobId, 0);
    return events.flatMap(({ event }) => (event.type === 'log' ? [event.message] : []));
  }
}
