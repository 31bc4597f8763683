import { evaluationSchema, listEvaluationsQuerySchema, listSchema } from '@singan/contracts';
import { listEvaluations } from '@singan/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { requireModel } from '../../http/require-record.ts';
import { idParams, problemResponses } from '../../http/responses.ts';
import { presentEvaluation } from '../../present/present-evaluation.ts';
import { createEvaluationRoute } from './create-evaluation.route.ts';

export const evaluationRoutes: FastifyPluginAsyncZod<ApiDependencies> = async (app, dependencies) => {
  const { database } = dependencies;
  await app.register(createEvaluationRoute, dependencies);

  app.get(
    '/models/:id/evaluations',
    {
      schema: {
        tags: ['models'],
        summary: 'What the evaluations of a model found, newest first',
        params: idParams,
        querystring: listEvaluationsQuerySchema,
        response: { 200: listSchema(evaluationSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { id: modelId } = await requireModel(database, request.params.id);
      const page = await listEvaluations(database, { modelId, ...request.query });
      return { data: page.data.map(presentEvaluation), nextCursor: page.nextCursor };
    },
  );
};
