import { type Database, heartbeat, removeWorker } from '@singan/database';
import type { Logger } from 'pino';
import type { EngineInfo } from '../protocol.ts';

const INTERVAL_MS = 5000;

export interface HeartbeatOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly worker: Omit<Parameters<typeof heartbeat>[1], 'engine'>;
}

/** Keeps this worker's row fresh, and takes it away at the end. */
export class Heartbeat {
  readonly #o: HeartbeatOptions;
  readonly #timer: NodeJS.Timeout;
  #engine: string | null = null;
  #beating: Promise<void>;

  constructor(options: HeartbeatOptions) {
    this.#o = options;
    this.#beating = this.#beat();
    this.#timer = setInterval(() => {
      this.#beating = this.#beat();
    }, INTERVAL_MS);
  }

  /** The engine is known from the first child that has started one. */
  setEngine({ engine, isa }: EngineInfo): void {
    const name = `${engine} (${isa})`;
    if (this.#engine === name) return;
    this.#engine = name;
    this.#beating = this.#beat();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    const { database, worker, logger } = this.#o;
    await removeWorker(database, worker.id).catch((error: unknown) => {
      logger.warn({ err: error }, 'worker.row_not_removed');
    });
  }

  async #beat(): Promise<void> {
    try {
      await heartbeat(this.#o.database, { ...this.#o.worker, engine: this.#engine });
    } catch (error) {
      this.#o.logger.warn({ err: error }, 'worker.heartbeat_failed');
    }
  }
}
