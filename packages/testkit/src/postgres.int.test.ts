import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { createTestDatabase } from './test-database.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('each database of a server is empty and apart from the others', async () => {
  const [first, second] = await Promise.all([server.createDatabase(), server.createDatabase()]);
  await query(first, 'CREATE TABLE only_here (id int)');
  const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
  expect(await query(first, tables)).toEqual([{ tablename: 'only_here' }]);
  expect(await query(second, tables)).toEqual([]);
});

test('what was committed before a crash is there after a restart at the same URL', async () => {
  const url = await server.createDatabase();
  await query(url, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('naïve')");
  await server.kill();
  await expect(query(url, 'SELECT 1')).rejects.toThrow();
  await server.restart();
  expect(await query(url, 'SELECT word FROM kept')).toEqual([{ word: 'naïve' }]);
});

test('the server of the run gives databases to suites that start none', async () => {
  const url = await createTestDatabase();
  expect(await query(url, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
});
