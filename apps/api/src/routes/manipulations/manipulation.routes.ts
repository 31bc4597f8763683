import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { UploadRouteOptions } from '../../dependencies.ts';
import { blendRoutes } from './blend.routes.ts';
import { paintingRoute } from './painting.route.ts';
import { superResolutionRoute } from './super-resolution.route.ts';

/** The tasks that take pictures. Forms are parsed for these alone: elsewhere they would pass for an empty body. */
export const manipulationRoutes: FastifyPluginAsyncZod<UploadRouteOptions> = async (app, dependencies) => {
  await app.register(multipart);
  await app.register(paintingRoute, dependencies);
  await app.register(blendRoutes, dependencies);
  await app.register(superResolutionRoute, dependencies);
};
