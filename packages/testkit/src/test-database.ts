import { createDatabaseOn } from './postgres-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the run's Postgres server; set by global-setup.ts. */
    postgresUrl: string;
  }
}

/** A new empty database on the Postgres server that the test run started once for all suites; resolves to its URL. About 50 ms. */
export async function createTestDatabase(): Promise<string> {
  const { inject } = await import('vitest'); // only here: vitest cannot be imported outside a test run, the rest of the testkit can
  return createDatabaseOn(inject('postgresUrl'));
}
