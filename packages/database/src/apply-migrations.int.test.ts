import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@singan/testkit';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyMigrations } from './apply-migrations.ts';

const COMMITTED = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const INIT = '20260101000000_init';
const ALL = [INIT, '20260201000000_evaluations'];
let directory: string;
let url: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  await cp(COMMITTED, directory, { recursive: true });
  url = await createTestDatabase();
});
afterEach(() => rm(directory, { recursive: true }));

async function query<R extends pg.QueryResultRow>(sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('three runners at once apply each migration once', async () => {
  const applied = await Promise.all([1, 2, 3].map(() => applyMigrations({ url })));
  expect(applied.flat()).toEqual(ALL);
  const kept = await query('SELECT migration_name FROM _prisma_migrations ORDER BY migration_name');
  expect(kept).toEqual(ALL.map((name) => ({ migration_name: name })));
});

test('the bookkeeping is what `prisma migrate status` reads', async () => {
  await applyMigrations({ url });
  const [row] = await query<{ finished_at: Date }>('SELECT * FROM _prisma_migrations ORDER BY migration_name');
  expect(row).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    migration_name: INIT,
    logs: null,
    rolled_back_at: null,
    applied_steps_count: 1,
  });
  expect(row?.finished_at).toBeInstanceOf(Date);
});

test('a database of an earlier version gets what is new, and keeps its rows', async () => {
  for (const name of ALL.slice(1)) await rm(join(directory, name), { recursive: true });
  await applyMigrations({ url, directory });
  await query(`INSERT INTO idempotency_keys (key, fingerprint) VALUES ('kept', 'x')`);
  expect(await applyMigrations({ url })).toEqual(ALL.slice(1));
  expect(await query('SELECT key FROM idempotency_keys')).toEqual([{ key: 'kept' }]);
});

test('a migration that was changed after it was applied is refused', async () => {
  await applyMigrations({ url, directory });
  await appendFile(join(directory, INIT, 'migration.sql'), '\n-- a late thought\n');
  await expect(applyMigrations({ url, directory })).rejects.toMatchObject({
    code: 'config.invalid',
    message: expect.stringContaining(`migration ${INIT} was changed after it was applied`),
  });
});

test('a database newer than the program is refused', async () => {
  await applyMigrations({ url, directory });
  await rm(join(directory, INIT), { recursive: true });
  await expect(applyMigrations({ url, directory })).rejects.toMatchObject({
    code: 'config.invalid',
    message: expect.stringContaining('this version of the program has not'),
  });
});

test('a migration that fails leaves nothing behind, and can be applied once it is mended', async () => {
  const file = join(directory, INIT, 'migration.sql');
  const good = await readFile(file);
  await appendFile(file, '\nSELECT 1/0;\n');
  await expect(applyMigrations({ url, directory })).rejects.toMatchObject({ code: 'internal' });
  expect(await query(`SELECT to_regclass('public.models') AS models`)).toEqual([{ models: null }]);
  await writeFile(file, good);
  expect(await applyMigrations({ url, directory })).toEqual(ALL);
});

test('a server that is not there is database.unavailable', async () => {
  await expect(applyMigrations({ url: 'postgresql://postgres@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'database.unavailable',
  });
});
