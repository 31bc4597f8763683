import type { EventEmitter } from 'node:events';

export interface WaitOptions {
  /** Upper bound after which the wait fails; a wait that succeeds never lasts longer than its signal. */
  readonly timeoutMs: number;
  /** Named in the error: what was waited for. */
  readonly what?: string;
}

/** Resolves with the arguments of the first `event` that `accept` takes. */
export function waitForEvent<T extends unknown[]>(
  emitter: EventEmitter,
  event: string,
  o: WaitOptions & { accept?: (...args: T) => boolean },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener = (...args: unknown[]) => {
      if (o.accept !== undefined && !o.accept(...(args as T))) return;
      finish();
      resolve(args as T);
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error(`waited ${o.timeoutMs} ms for ${o.what ?? `the event ${event}`}: it did not come`));
    }, o.timeoutMs);
    const finish = () => {
      clearTimeout(timer);
      emitter.off(event, listener);
    };
    emitter.on(event, listener);
  });
}

/**
 * Calls `probe` until it returns something other than undefined, null or false. Only for what sends no signal
 * (a foreign process that opens a port, say): prefer waitForEvent, LISTEN, pub/sub.
 */
export async function eventually<T>(
  probe: () => Promise<T> | T,
  o: WaitOptions & { intervalMs?: number },
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + o.timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value as NonNullable<Exclude<T, false>>;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline)
      throw new Error(`waited ${o.timeoutMs} ms for ${o.what ?? 'a condition'}: it did not come true`, {
        cause: lastError,
      });
    await new Promise((resolve) => setTimeout(resolve, o.intervalMs ?? 20));
  }
}
