import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type RedisServer, startRedis } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SERVER = new URL('./server.ts', import.meta.url).pathname;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let redis: RedisServer;
let directory: string;
beforeAll(async () => {
  [redis, directory] = await Promise.all([startRedis(), mkdtemp(join(tmpdir(), 'singan-api-server-'))]);
});
afterAll(async () => {
  await redis.stop();
  await rm(directory, { recursive: true, force: true });
});

function start(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function environment(databaseUrl: string): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    STORAGE_DIR: directory,
    WEBHOOK_SIGNING_SECRET: SECRET,
    LOG_LEVEL: 'warn',
    TMPDIR: directory,
  };
}

test('a process on an empty database says where it listens, serves, and ends cleanly on SIGTERM', async () => {
  const server = start(environment(await createTestDatabase()));
  const exit = once(server, 'exit');
  try {
    const [line] = await once(server.stdout as NodeJS.ReadableStream, 'data');
    const address = /^SinGAN service listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(String(line))?.[1];
    const ready = await fetch(`${address}/readyz`);
    expect(await ready.json()).toMatchObject({ status: 'ready' });
    server.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  } finally {
    server.kill('SIGKILL');
  }
});

test('a process with a wrong environment names every fault and exits', async () => {
  const server = start({ PORT: 'eighty' });
  let errors = '';
  server.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  expect(await once(server, 'close')).toEqual([1, null]);
  expect(errors).toContain('PORT: expected');
  expect(errors).toContain('DATABASE_URL: expected');
});
