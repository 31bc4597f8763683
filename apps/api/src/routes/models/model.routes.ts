import { listModelsQuerySchema, listSchema, modelSchema, scaleSchema } from '@singan/contracts';
import { deleteModel, getModelWithScales, listModels, newestEvaluations } from '@singan/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { requireModel } from '../../http/require-record.ts';
import { idParams, problemResponses } from '../../http/responses.ts';
import { presentEvaluation } from '../../present/present-evaluation.ts';
import { presentModel, presentScale } from '../../present/present-model.ts';

const tags = ['models'];

export const modelRoutes: FastifyPluginAsyncZod<ApiDependencies> = async (app, { database }) => {
  const scalesOf = async (id: string) => (await getModelWithScales(database, id))?.scales.map(presentScale) ?? [];

  app.get(
    '/models',
    {
      schema: {
        tags,
        summary: 'List models, newest first',
        querystring: listModelsQuerySchema,
        response: { 200: listSchema(modelSchema), ...problemResponses },
      },
    },
    async (request) => {
      const page = await listModels(database, request.query);
      return { data: page.data.map(presentModel), nextCursor: page.nextCursor };
    },
  );

  app.get(
    '/models/:id',
    {
      schema: {
        tags,
        summary: 'One model with its scales and newest evaluations',
        params: idParams,
        response: { 200: modelSchema, ...problemResponses },
      },
    },
    async (request) => {
      const model = await requireModel(database, request.params.id);
      const evaluations = await newestEvaluations(database, model.id);
      return {
        ...presentModel(model),
        scales: await scalesOf(model.id),
        evaluations: evaluations.map(presentEvaluation),
      };
    },
  );

  app.get(
    '/models/:id/scales',
    {
      schema: {
        tags,
        summary: 'The finished scales, coarsest first',
        params: idParams,
        response: { 200: z.object({ data: z.array(scaleSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { id } = await requireModel(database, request.params.id);
      return { data: await scalesOf(id) };
    },
  );

  app.delete(
    '/models/:id',
    {
      schema: {
        tags,
        summary: 'Delete a model',
        description: 'Cancels its jobs and removes all its pictures and weights. It is gone for readers at once.',
        params: idParams,
        response: { 204: z.undefined().describe('Deleted'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { id } = await requireModel(database, request.params.id);
      await deleteModel(database, id);
      return reply.code(204).send();
    },
  );
};
