import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '@singan/database';
import { createTestDatabase, eventually, freePort, startRedis } from '@singan/testkit';
import { startServiceProcess } from './service-process.ts';

/** A signing secret of the Standard Webhooks form; only for these tests. */
export const SIGNING_SECRET = `whsec_${Buffer.from('a secret that only these tests use').toString('base64')}`;

export interface RunningService {
  readonly url: string;
  stop(): Promise<void>;
}

/** The whole service as an operator runs it: Postgres, Redis, a local folder as the store, one api process, one worker process. */
export async function startService(engine: string): Promise<RunningService> {
  const [databaseUrl, redis, port, directory] = await Promise.all([
    createTestDatabase(),
    startRedis(),
    freePort(),
    mkdtemp(join(tmpdir(), 'singan-e2e-')),
  ]);
  await applyMigrations({ url: databaseUrl });
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    STORAGE: 'local',
    STORAGE_DIR: join(directory, 'objects'),
    ENGINE: engine,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    WEBHOOK_SIGNING_SECRET: SIGNING_SECRET,
    LOG_LEVEL: 'warn',
  };
  const api = startServiceProcess('apps/api/src/server.ts', env);
  const worker = startServiceProcess('apps/worker/src/main.ts', env);
  const stop = async () => {
    await Promise.all([api.stop(), worker.stop()]);
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const exited = [api, worker].map(
    ({ child, output }) =>
      new Promise<never>((_, reject) => {
        child.once('exit', (code) =>
          reject(new Error(`a process ended with code ${code} before it was ready:\n${output()}`)),
        );
      }),
  );
  const ready = eventually(async () => (await fetch(`${url}/readyz`)).ok, {
    timeoutMs: 60_000,
    what: 'the api to be ready',
  });
  try {
    await Promise.race([ready, ...exited]);
  } catch (error) {
    await stop();
    throw error;
  }
  for (const gone of exited) gone.catch(() => undefined);
  return { url, stop };
}
