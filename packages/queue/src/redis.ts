import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

const CONNECT_TIMEOUT_MS = 5_000;
const LONGEST_RETRY_MS = 2_000;

/** A connection that comes back by itself for as long as Redis is away; its errors are logged, never thrown. */
export function openRedis(o: { redisUrl: string; logger: Logger; options: RedisOptions }): Redis {
  const redis = new Redis(o.redisUrl, {
    enableReadyCheck: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RETRY_MS),
    ...o.options,
  });
  // without a listener ioredis writes each error to the console
  redis.on('error', (error) => o.logger.warn({ err: error }, 'redis: connection error'));
  return redis;
}
