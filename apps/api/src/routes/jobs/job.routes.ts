import { jobSchema, listJobsQuerySchema, listSchema } from '@singan/contracts';
import { type JobRecord, listJobs, requestCancel, retryJob } from '@singan/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { requireJob } from '../../http/require-record.ts';
import { idParams, problemResponses } from '../../http/responses.ts';
import { presentJob } from '../../present/present-job.ts';

const tags = ['jobs'];

export const jobRoutes: FastifyPluginAsyncZod<ApiDependencies> = async (app, { database }) => {
  const present = (job: JobRecord) => presentJob(database, job);

  app.get(
    '/jobs',
    {
      schema: {
        tags,
        summary: 'List jobs, newest first',
        querystring: listJobsQuerySchema,
        response: { 200: listSchema(jobSchema), ...problemResponses },
      },
    },
    async (request) => {
      const page = await listJobs(database, request.query);
      return { data: await Promise.all(page.data.map(present)), nextCursor: page.nextCursor };
    },
  );

  app.get(
    '/jobs/:id',
    { schema: { tags, summary: 'One job', params: idParams, response: { 200: jobSchema, ...problemResponses } } },
    async (request) => present(await requireJob(database, request.params.id)),
  );

  app.post(
    '/jobs/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a job',
        description:
          'A waiting job ends at once, a running one at its next step; finished scales are kept. Repeating it changes nothing.',
        params: idParams,
        response: { 200: jobSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { id } = await requireJob(database, request.params.id);
      return present(await requestCancel(database, id));
    },
  );

  app.post(
    '/jobs/:id/retry',
    {
      schema: {
        tags,
        summary: 'Retry a failed or canceled job',
        description: 'A training goes on from its newest checkpoint.',
        params: idParams,
        response: { 202: jobSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { id } = await requireJob(database, request.params.id);
      return reply.code(202).send(await present(await retryJob(database, id)));
    },
  );
};
