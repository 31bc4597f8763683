import { toAppError } from '@singan/domain';
import type { Logger } from 'pino';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;
/** About a minute and a half in all: a restart of a server passes unnoticed. */
const TRIES = 14;

export interface RetryOptions {
  readonly logger: Logger;
  /** Gives up waiting: the next failure is the answer. */
  readonly signal: AbortSignal;
}

/** Tries again while the error says that it can help: a store or a database that is away for a while must not cost a training its progress. */
export async function withRetries<T>(work: () => Promise<T>, { logger, signal }: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const known = toAppError(error);
      const isTransient = known.code === 'storage.unavailable' || known.code === 'database.unavailable';
      if (!isTransient || attempt === TRIES || signal.aborted) throw error;
      logger.warn({ attempt, err: known }, 'worker.retry');
      const waitMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
      await pause(waitMs, signal);
    }
  }
}

/** Ends early, and not in an error, when the signal is aborted. */
function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    signal.addEventListener('abort', finish);
  });
}
