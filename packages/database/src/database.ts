import { PrismaPg } from '@prisma/adapter-pg';
import { createIdFactory, type IdFactory, systemClock } from '@singan/domain';
import type { Prisma } from './generated/client.ts';
import { PrismaClient } from './generated/client.ts';
import { translateDatabaseError } from './translate-error.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** A row lock is held for milliseconds; who waits longer than this meets a fault, not a neighbour. */
const LOCK_TIMEOUT_MS = 5_000;
const TRANSACTION_TIMEOUT_MS = 15_000;

export type Transaction = Prisma.TransactionClient;

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  /** Longest run of one statement; default 10 000. */
  readonly statementTimeoutMs?: number;
  /** Makes the ids of rows that are born here (webhook deliveries); default by the system clock. */
  readonly newId?: IdFactory;
}

/** Owns the connections to Postgres. Its functions are in this package; `query` and `transaction` are for them. */
export class Database {
  readonly newId: IdFactory;
  readonly #client: PrismaClient;

  constructor(client: PrismaClient, newId: IdFactory) {
    this.#client = client;
    this.newId = newId;
  }

  /** Statements that each stand for themselves. */
  async query<T>(work: (client: Transaction) => Promise<T>): Promise<T> {
    try {
      return await work(this.#client);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** One transaction, at read committed: whatever is decided from a row is decided under a lock on it. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, timeoutMs = TRANSACTION_TIMEOUT_MS): Promise<T> {
    return this.query(() => this.#client.$transaction(work, { maxWait: CONNECT_TIMEOUT_MS, timeout: timeoutMs }));
  }

  /** @throws AppError database.unavailable */
  async check(): Promise<void> {
    await this.query((client) => client.$queryRaw`SELECT 1`);
  }

  async close(): Promise<void> {
    await this.#client.$disconnect();
  }
}

/** Connects on first use. */
export function createDatabase(o: DatabaseOptions): Database {
  const adapter = new PrismaPg({
    connectionString: o.url,
    max: o.poolSize ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: o.statementTimeoutMs ?? 10_000,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    application_name: 'singan',
    // the adapter writes timestamps without a zone
    options: '-c TimeZone=UTC',
  });
  return new Database(new PrismaClient({ adapter }), o.newId ?? createIdFactory(systemClock));
}
