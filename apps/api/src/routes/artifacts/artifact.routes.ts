import { artifactSchema } from '@singan/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { requireArtifact } from '../../http/require-record.ts';
import { idParams, problemResponses } from '../../http/responses.ts';
import { presentArtifact } from '../../present/present-artifact.ts';

export const artifactRoutes: FastifyPluginAsyncZod<ApiDependencies> = async (app, { database }) => {
  app.get(
    '/artifacts/:id',
    {
      schema: {
        tags: ['artifacts'],
        summary: 'What an artifact is',
        params: idParams,
        response: { 200: artifactSchema, ...problemResponses },
      },
    },
    async (request) => presentArtifact(await requireArtifact(database, request.params.id)),
  );
};
