import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@singan/domain';
import pg from 'pg';
import { translateDatabaseError } from './translate-error.ts';

/** The lock that Prisma's own `migrate deploy` takes: ours and theirs never run at once. */
const PRISMA_LOCK = 72_707_369;
const LOCK_WAIT = '120s';
const DEFAULT_DIRECTORY = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** As Prisma makes it. */
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Brings a database up to the committed migrations, with the bookkeeping of `prisma migrate deploy`. Callers that come at
 * the same time wait for one another. Each migration is one transaction with its bookkeeping row.
 * @returns names of the migrations that this call applied
 * @throws AppError config.invalid when an applied migration was changed, is missing, or once failed; database.unavailable
 */
export async function applyMigrations(o: { url: string; directory?: string }): Promise<string[]> {
  const migrations = await readMigrations(o.directory ?? DEFAULT_DIRECTORY);
  const client = new pg.Client({
    connectionString: o.url,
    connectionTimeoutMillis: 5_000,
    application_name: 'singan migrate',
  });
  client.on('error', () => undefined); // the query at work reports it
  try {
    await client.connect();
    await client.query(`SET lock_timeout = '${LOCK_WAIT}'`);
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    return await applyMissing(client, migrations);
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    // ends the session and with it the lock
    await client.end().catch(() => undefined);
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const read = async (name: string) => {
    const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  };
  return Promise.all(names.sort().map(read));
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(BOOKKEEPING);
  const applied = await readApplied(client);
  checkHistory(applied, migrations);
  const missing = migrations.filter(({ name }) => !applied.has(name));
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  );
  const failed = rows.find((row) => row.finished_at === null);
  if (failed !== undefined)
    throw new AppError(
      'config.invalid',
      `migration ${failed.migration_name} was begun and never finished: look at the database, then run \`prisma migrate resolve\``,
    );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function checkHistory(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    const found = known.get(name);
    if (found === undefined)
      throw new AppError('config.invalid', `the database has migration ${name}, this version of the program has not`);
    if (found !== checksum)
      throw new AppError(
        'config.invalid',
        `migration ${name} was changed after it was applied: expected sha256 ${checksum}, got ${found}; restore the file and add a new migration`,
      );
  }
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
