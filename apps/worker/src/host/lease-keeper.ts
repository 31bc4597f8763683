import { toAppError } from '@singan/domain';
import type { Logger } from 'pino';

/** A cancel that a notification announces is looked up at most this often: the job's own progress notifies too. */
const CHECK_INTERVAL_MS = 500;

export interface LeaseKeeperOptions {
  renew(): Promise<{ readonly isCancelRequested: boolean }>;
  readonly leaseMs: number;
  readonly logger: Logger;
  onCancel(): void;
  onLost(error: Error): void;
}

/**
 * Renews a lease while its job runs. A database that is away for a while ends nothing: the token decides who may write,
 * and until another worker has claimed the job, this one may go on.
 */
export class LeaseKeeper {
  readonly #o: LeaseKeeperOptions;
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;
  #renewing: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#o = options;
    this.#timer = setInterval(() => this.#renew(), options.leaseMs / 3);
  }

  /** Something about the job has changed: looks soon whether it is to be canceled. */
  check(): void {
    if (this.#isClosed) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#renew();
    }, CHECK_INTERVAL_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#renewing;
  }

  #renew(): void {
    if (this.#isClosed) return;
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
  }

  async #renewOnce(): Promise<void> {
    try {
      const { isCancelRequested } = await this.#o.renew();
      if (isCancelRequested) this.#o.onCancel();
    } catch (error) {
      const known = toAppError(error);
      if (known.code === 'lease.lost') this.#o.onLost(known);
      else this.#o.logger.warn({ err: known }, 'lease.renewal_failed');
    }
  }
}
