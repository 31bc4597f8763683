import type { Logger } from 'pino';

export interface Loop {
  /** Runs as soon as possible; asked while a run is on, once more after it. */
  wake(): void;
  /** Waits for the run that is on. */
  close(): Promise<void>;
}

/** Runs a task at once, on every wake and every `intervalMs`; one run at a time. A failed run is logged and tried at the next. */
export function startLoop(o: { name: string; run: () => Promise<void>; intervalMs: number; logger: Logger }): Loop {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let isWoken = false;
  let isClosed = false;
  let hasFailed = false;

  const attempt = async () => {
    isWoken = false;
    try {
      await o.run();
      if (hasFailed) o.logger.info(`${o.name}: works again`);
      hasFailed = false;
    } catch (error) {
      // of a long series only the first is loud
      o.logger[hasFailed ? 'debug' : 'warn']({ err: error }, `${o.name}: failed, will be tried again`);
      hasFailed = true;
      isWoken = false;
    }
  };
  const go = async () => {
    clearTimeout(timer);
    do await attempt();
    while (isWoken && !isClosed);
    running = null;
    if (!isClosed) timer = setTimeout(wake, o.intervalMs);
  };
  function wake(): void {
    isWoken = true;
    if (running === null && !isClosed) running = go();
  }

  wake();
  return {
    wake,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
