import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { queueStatusSchema } from '@singan/contracts';
import { applyMigrations } from '@singan/database';
import { AppError } from '@singan/domain';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { Guard } from './guard.ts';
import { stopLeftovers } from './leftovers.ts';
import { freePort, requireFreePort } from './ports.ts';
import { Postgres } from './postgres.ts';
import { Redis } from './redis.ts';
import { requireRedisProgram } from './redis-program.ts';
import { RunFiles } from './run-files.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { Service } from './service.ts';
import { serviceEnvironment } from './service-environment.ts';

const APPS = fileURLToPath(new URL('../../..', import.meta.url));
const API_STOP_MS = 10_000;
/** The worker hands its jobs back within 10 s. */
const WORKER_STOP_MS = 15_000;
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

export interface StackOptions {
  readonly dataDirectory: string;
  /** Null: a free one. */
  readonly port: number | null;
  readonly engine: string | null;
  /** The data are removed at the end, also when this process is killed. */
  readonly isTemporary: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Gives up the start; stopping a stack that runs is up to the caller. */
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** The whole service on this machine: Postgres, Redis, folder, api and worker. */
export interface Stack {
  readonly url: string;
  readonly logs: string;
  /** Stops everything in order; the data stay. */
  stop(): Promise<void>;
}

/** @throws AppError with what to do about it; nothing is left running then */
export async function startStack(o: StackOptions): Promise<Stack> {
  const data = openDataDirectory(o.dataDirectory);
  const runFiles = new RunFiles(data.run);
  runFiles.lock(process.pid);
  const building = new StackBuilder(o, data, runFiles);
  try {
    return await building.build();
  } catch (error) {
    await building.stop();
    throw error;
  }
}

/** Starts the parts one after the other, and stops those that run the other way round. */
class StackBuilder {
  readonly #o: StackOptions;
  readonly #data: DataDirectory;
  readonly #runFiles: RunFiles;
  readonly #secrets: Secrets;
  readonly #stops: (() => Promise<void> | void)[] = [];

  constructor(o: StackOptions, data: DataDirectory, runFiles: RunFiles) {
    this.#o = o;
    this.#data = data;
    this.#runFiles = runFiles;
    this.#secrets = loadSecrets(data.secrets);
    this.#stops.push(() => runFiles.unlock());
  }

  async build(): Promise<Stack> {
    await stopLeftovers(this.#runFiles, this.#o.say);
    const port = this.#o.port ?? (await freePort());
    await requireFreePort(port);
    const redisProgram = requireRedisProgram(this.#o.say);
    const postgres = await this.#startPostgres();
    const redis = await this.#startRedis(redisProgram);
    this.#o.signal.throwIfAborted();
    await applyMigrations({ url: postgres.url });
    await this.#startServices({ port, databaseUrl: postgres.url, redisUrl: redis.url });
    return { url: `http://127.0.0.1:${port}`, logs: this.#data.logs, stop: () => this.stop() };
  }

  /** One part that does not stop keeps no other one running. */
  async stop(): Promise<void> {
    const faults: unknown[] = [];
    for (const stop of this.#stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  async #startPostgres(): Promise<Postgres> {
    const { dataDirectory, isTemporary, say } = this.#o;
    const logFile = this.#log('postgres');
    const { postgresPassword: password, installationId } = this.#secrets;
    const postgres = new Postgres({ dataRoot: this.#data.root, logFile, password, installationId, say });
    const temporary = isTemporary ? path.resolve(dataDirectory) : null;
    if (isTemporary) this.#stops.push(() => removeFolders([postgres.dataFolder, this.#data.root]));
    const guard = new Guard({ runDirectory: this.#data.run, postgresData: postgres.dataFolder, temporary });
    this.#runFiles.note('guard', guard.pid);
    this.#stops.push(() => {
      guard.release();
      this.#runFiles.forget('guard');
    });
    this.#stops.push(() => postgres.stop());
    await postgres.start();
    return postgres;
  }

  async #startRedis(program: string): Promise<Redis> {
    const { redisPassword: password } = this.#secrets;
    const onSpawn = (pid: number): void => this.#runFiles.note('redis', pid);
    const redis = new Redis({ program, directory: this.#data.redis, logFile: this.#log('redis'), password, onSpawn });
    this.#stops.push(async () => {
      await redis.stop();
      this.#runFiles.forget('redis');
    });
    await redis.start();
    return redis;
  }

  async #startServices(o: { port: number; databaseUrl: string; redisUrl: string }): Promise<void> {
    const { webhookSigningSecret } = this.#secrets;
    const { engine, environment: inherited } = this.#o;
    const environment = serviceEnvironment(inherited, {
      ...o,
      objects: this.#data.objects,
      webhookSigningSecret,
      engine,
    });
    const worker = this.#startService('worker', {
      entry: 'worker/src/main.ts',
      environment,
      stopTimeoutMs: WORKER_STOP_MS,
    });
    const api = this.#startService('api', { entry: 'api/src/server.ts', environment, stopTimeoutMs: API_STOP_MS });
    const url = `http://127.0.0.1:${o.port}`;
    const { signal } = this.#o;
    await waitUntil(() => isOk(`${url}/readyz`), { service: api, signal });
    await waitUntil(() => hasWorker(`${url}/queues`, worker.pid), { service: worker, signal });
  }

  #startService(
    name: 'api' | 'worker',
    o: { entry: string; environment: NodeJS.ProcessEnv; stopTimeoutMs: number },
  ): Service {
    const { say } = this.#o;
    const entry = path.join(APPS, o.entry);
    const service = new Service({ ...o, name, entry, logFile: this.#log(name), runFiles: this.#runFiles, say });
    this.#stops.push(() => service.stop());
    return service;
  }

  #log(name: string): string {
    return path.join(this.#data.logs, `${name}.log`);
  }
}

/** A service that ends before it was ever ready has a fault that starting again does not mend. */
async function waitUntil(isReady: () => Promise<boolean>, o: { service: Service; signal: AbortSignal }): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  const { name } = o.service;
  while (!(await isReady())) {
    o.signal.throwIfAborted();
    if (!o.service.isRunning) throw new AppError('internal', `The ${name} did not start. ${o.service.lastWords}`);
    if (performance.now() > deadline)
      throw new AppError('internal', `The ${name} was not ready in time. ${o.service.lastWords}`);
    await delay(POLL_MS);
  }
}

function removeFolders(folders: readonly string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

async function isOk(url: string): Promise<boolean> {
  return (await fetch(url).catch(() => null))?.ok ?? false;
}

/** By its process id: a killed run's worker is still listed for a while. */
async function hasWorker(url: string, pid: number | undefined): Promise<boolean> {
  const response = await fetch(url).catch(() => null);
  if (response === null || !response.ok) return false;
  const { workers } = queueStatusSchema.parse(await response.json());
  return workers.some((worker) => worker.pid === pid);
}
