import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import './test-database.ts';

/** One Postgres server for a whole test run; suites ask it for a database by createTestDatabase(). Named in vitest.config.ts. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
