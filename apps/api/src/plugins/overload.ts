import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AppError } from '@singan/domain';
import fp from 'fastify-plugin';
import { type OverloadLimits, overloadReason } from '../http/overload-reason.ts';

const SAMPLE_INTERVAL_MS = 1000;
const RETRY_AFTER_SECONDS = 5;

interface OverloadOptions {
  readonly limits: OverloadLimits;
  /** Rejects or is slow when the database is in trouble. */
  readonly checkDatabase: () => Promise<void>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered however busy the service is: health, so that nobody restarts a busy process. */
    isAlwaysAnswered?: boolean;
  }
}

/** Back-pressure: while the event loop or the database lags, requests are refused at once (503, Retry-After) instead of piling up. */
export default fp<OverloadOptions>(
  async (app, { limits, checkDatabase }) => {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    let reason: string | null = null;
    let isSampling = false;

    const sample = async (): Promise<void> => {
      if (isSampling) return;
      isSampling = true;
      const eventLoopDelayMs = delay.mean / 1e6;
      delay.reset();
      const databaseMs = await timeMs(checkDatabase, limits.maxDatabaseMs);
      reason = overloadReason({ eventLoopDelayMs, databaseMs }, limits);
      isSampling = false;
    };
    const timer = setInterval(sample, SAMPLE_INTERVAL_MS);
    timer.unref();

    app.addHook('onReady', async () => {
      delay.enable();
      await sample();
    });
    app.addHook('onClose', async () => {
      clearInterval(timer);
      delay.disable();
    });
    app.addHook('onRequest', async (request, reply) => {
      if (reason === null || request.routeOptions.config?.isAlwaysAnswered === true) return;
      reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new AppError('service.overloaded', reason);
    });
  },
  { name: 'overload', dependencies: ['errors'] },
);

/** How long a check took; Infinity when it failed or was given up after the limit. */
async function timeMs(check: () => Promise<void>, limitMs: number): Promise<number> {
  const startedAt = performance.now();
  return await new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(Number.POSITIVE_INFINITY), limitMs);
    check()
      .then(() => resolve(performance.now() - startedAt))
      .catch(() => resolve(Number.POSITIVE_INFINITY))
      .finally(() => clearTimeout(giveUp));
  });
}
