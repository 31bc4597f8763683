import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { runCheck } from './run-check.ts';

const checkSchema = z.enum(['up', 'down']);
const readinessSchema = z.object({
  status: z.enum(['ready', 'degraded', 'unavailable']),
  checks: z.object({ database: checkSchema, redis: checkSchema, store: checkSchema }),
});
const config = { isAlwaysAnswered: true, rateLimit: false } as const;

export const healthRoutes: FastifyPluginAsyncZod<ApiDependencies> = async (app, { database, queues, store }) => {
  app.get(
    '/livez',
    {
      config,
      schema: {
        tags: ['service'],
        summary: 'Whether the process answers',
        response: { 200: z.object({ status: z.literal('alive') }) },
      },
    },
    async () => ({ status: 'alive' as const }),
  );

  app.get(
    '/readyz',
    {
      config,
      schema: {
        tags: ['service'],
        summary: 'Whether requests can be served',
        description:
          'Without Redis the service is degraded, not unavailable: jobs are accepted and wait in the database.',
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (request, reply) => {
      const [databaseState, redis, storeState] = await Promise.all([
        runCheck(() => database.check(), request.log),
        runCheck(() => queues.check(), request.log),
        runCheck(() => store.check(), request.log),
      ]);
      const isServing = databaseState === 'up' && storeState === 'up';
      const status = isServing ? (redis === 'up' ? 'ready' : 'degraded') : 'unavailable';
      return reply
        .code(isServing ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status, checks: { database: databaseState, redis, store: storeState } });
    },
  );
};
