import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTestEnvironment } from './environment.ts';
import { type RedisServer, startRedis } from './redis.ts';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.stop());

async function command(name: string, ...args: string[]): Promise<unknown> {
  const client = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}

test('what was written before kill -9 is there after a restart', async () => {
  await command('SET', 'word', 'kept');
  await server.kill();
  await expect(command('PING')).rejects.toThrow();
  await server.restart();
  expect(await command('GET', 'word')).toBe('kept');
});

test('a full memory refuses writes instead of dropping keys', async () => {
  expect(await command('CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
});

test('a missing redis-server is an error that says what to install', async () => {
  await expect(startRedis({ ...readTestEnvironment(), path: '/nowhere' })).rejects.toThrow(
    'apt-get install redis-server',
  );
});
