import pg from 'pg';
import type { Logger } from 'pino';

const JOB_CHANNEL = 'singan_job';
const OUTBOX_CHANNEL = 'singan_outbox';
const CONNECT_TIMEOUT_MS = 5_000;
/** How often a silent connection is asked for a sign of life: a half-open one would stay silent for ever. */
const PROBE_INTERVAL_MS = 15_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** Called with the id of the job that changed. */
export type JobChanged = (jobId: string) => void;

/** Tells what changed in Postgres, over a connection of its own that it opens again whenever it is lost. */
export interface JobListener {
  /** Resolves when it listens for the first time: what is committed from then on is heard. */
  readonly ready: Promise<void>;
  /**
   * `fn` is called after each committed change of the job (of any job for '*'), and after a reconnect, when changes may have
   * been missed: it is to read what it wants to know. For '*' a reconnect gives the id '*'.
   */
  subscribe(jobId: string, fn: JobChanged): () => void;
  /** `fn` is called when messages wait in the outbox, and after a reconnect. */
  onOutbox(fn: () => void): () => void;
  close(): Promise<void>;
}

export function createJobListener(o: { url: string; logger: Logger }): JobListener {
  return new PostgresListener(o);
}

class PostgresListener implements JobListener {
  readonly ready: Promise<void>;
  readonly #url: string;
  readonly #logger: Logger;
  readonly #jobs = new Map<string, Set<JobChanged>>();
  readonly #outbox = new Set<() => void>();
  #resolveReady: () => void = () => undefined;
  #client: pg.Client | null = null;
  #opening: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #probe: NodeJS.Timeout | undefined;
  #failures = 0;
  #isClosed = false;

  constructor({ url, logger }: { url: string; logger: Logger }) {
    this.#url = url;
    this.#logger = logger;
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#open();
  }

  subscribe(jobId: string, fn: JobChanged): () => void {
    const listeners = this.#jobs.get(jobId) ?? new Set();
    this.#jobs.set(jobId, listeners.add(fn));
    return () => {
      listeners.delete(fn);
      if (listeners.size === 0 && this.#jobs.get(jobId) === listeners) this.#jobs.delete(jobId);
    };
  }

  onOutbox(fn: () => void): () => void {
    this.#outbox.add(fn);
    return () => void this.#outbox.delete(fn);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#opening;
    clearInterval(this.#probe);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch((error: unknown) => this.#logger.debug({ err: error }, 'listener: end failed'));
  }

  #open(): void {
    this.#opening = this.#connect().catch((error: unknown) => this.#lost(null, error));
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'singan listener',
    });
    // must be there before connect: an error without a listener would end the process
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('the connection was closed')));
    client.on('notification', ({ channel, payload }) => this.#heard(channel, payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${JOB_CHANNEL}; LISTEN ${OUTBOX_CHANNEL}`);
    } catch (error) {
      client.end().catch((fault: unknown) => this.#logger.debug({ err: fault }, 'listener: end failed'));
      throw error;
    }
    this.#client = client;
    this.#failures = 0;
    this.#probe = setInterval(() => this.#askForLife(client), PROBE_INTERVAL_MS).unref();
    this.#resolveReady();
    this.#callEveryone();
  }

  #askForLife(client: pg.Client): void {
    client.query('SELECT 1').catch((error: unknown) => this.#lost(client, error));
  }

  /** @param client null when it was not connected yet; events of a connection that was given up already are ignored */
  #lost(client: pg.Client | null, error: unknown): void {
    if (this.#isClosed || client !== this.#client) return;
    this.#client = null;
    clearInterval(this.#probe);
    client?.end().catch((fault: unknown) => this.#logger.debug({ err: fault }, 'listener: end failed'));
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    this.#logger.warn({ err: error, delayMs }, 'listener: connection to Postgres lost');
    this.#retry = setTimeout(() => this.#open(), delayMs);
  }

  #heard(channel: string, payload: string): void {
    if (channel === OUTBOX_CHANNEL) {
      this.#callAll(this.#outbox, '');
      return;
    }
    this.#callAll(this.#jobs.get(payload) ?? [], payload);
    this.#callAll(this.#jobs.get('*') ?? [], payload);
  }

  #callEveryone(): void {
    this.#callAll(this.#outbox, '');
    for (const [jobId, listeners] of [...this.#jobs]) this.#callAll(listeners, jobId);
  }

  #callAll(listeners: Iterable<JobChanged>, jobId: string): void {
    for (const listener of [...listeners]) {
      try {
        listener(jobId);
      } catch (error) {
        this.#logger.error({ err: error, jobId }, 'listener: a subscriber failed');
      }
    }
  }
}
