import { queueStatusSchema } from '@singan/contracts';
import { queueStatus } from '@singan/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { problemResponses } from '../../http/responses.ts';

export const queueRoutes: FastifyPluginAsyncZod<ApiDependencies> = async (app, { database }) => {
  app.get(
    '/queues',
    {
      schema: {
        tags: ['service'],
        summary: 'Counts of the queues, and the workers',
        response: { 200: queueStatusSchema, ...problemResponses },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send(await queueStatus(database)),
  );
};
