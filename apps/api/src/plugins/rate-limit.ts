import rateLimit from '@fastify/rate-limit';
import { AppError } from '@singan/domain';
import fp from 'fastify-plugin';

interface RateLimitOptions {
  readonly perMinute: number;
}

/**
 * A budget of requests per address and minute, counted in this process: with n replicas a caller has up to n times as much.
 * Counting in Redis would make every answer wait for it, and the service must go on without Redis.
 */
export default fp<RateLimitOptions>(
  async (app, { perMinute }) => {
    await app.register(rateLimit, {
      max: perMinute,
      timeWindow: '1 minute',
      enableDraftSpec: true,
      errorResponseBuilder: (_request, { max, after }) =>
        new AppError('request.rate_limited', `At most ${max} requests a minute are answered; try again in ${after}.`),
    });
  },
  { name: 'rate-limit', dependencies: ['errors'] },
);
