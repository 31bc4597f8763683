import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiDependencies } from './dependencies.ts';
import { limitConcurrency } from './http/limit-concurrency.ts';
import { zodValidatorCompiler } from './http/validate.ts';
import dispatch from './plugins/dispatch.ts';
import errors, { sendProblem } from './plugins/errors.ts';
import openapi from './plugins/openapi.ts';
import overload from './plugins/overload.ts';
import rateLimit from './plugins/rate-limit.ts';
import requestId from './plugins/request-id.ts';
import securityHeaders from './plugins/security-headers.ts';
import shutdown from './plugins/shutdown.ts';
import { artifactRoutes } from './routes/artifacts/artifact.routes.ts';
import { artifactContentRoute } from './routes/artifacts/artifact-content.route.ts';
import { evaluationRoutes } from './routes/evaluations/evaluation.routes.ts';
import { healthRoutes } from './routes/health/health.routes.ts';
import { jobRoutes } from './routes/jobs/job.routes.ts';
import { jobEventsRoute } from './routes/jobs/job-events.route.ts';
import { animationRoute } from './routes/manipulations/animation.route.ts';
import { manipulationRoutes } from './routes/manipulations/manipulation.routes.ts';
import { createModelRoute } from './routes/models/create-model.route.ts';
import { createSamplesRoute } from './routes/models/create-samples.route.ts';
import { modelRoutes } from './routes/models/model.routes.ts';
import { pageRoutes } from './routes/page/page.routes.ts';
import { queueRoutes } from './routes/queues/queue.routes.ts';

/** The rest of a burst waits its turn, and far too many are sent away. */
const DECODING = { running: 2, waiting: 100 };
const MAX_JSON_BYTES = 64 * 1024;
/** An upload of the largest size on a slow line; a slower body is given up. */
const REQUEST_TIMEOUT_MS = 5 * 60_000;

/** The API as a Fastify server that listens nowhere yet. Closing it leaves the dependencies open: they belong to whoever made them. */
export async function buildApp(dependencies: ApiDependencies): Promise<FastifyInstance> {
  const { settings, database, ids, logger } = dependencies;
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    genReqId: () => ids('req'),
    requestIdHeader: false,
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: sendProblem,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  // JSON is all that bodies may be; the routes with a form add their own parser.
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(zodValidatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  await app.register(errors);
  await app.register(requestId);
  await app.register(shutdown);
  await app.register(securityHeaders, { pictureOrigins: settings.pictureOrigins });
  await app.register(rateLimit, { perMinute: settings.requestsPerMinute });
  await app.register(overload, { limits: settings.overload, checkDatabase: () => database.check() });
  await app.register(openapi);
  await app.register(dispatch, dependencies);
  await registerRoutes(app, dependencies);
  return app;
}

async function registerRoutes(app: FastifyInstance, dependencies: ApiDependencies): Promise<void> {
  const uploadOptions = { ...dependencies, decodeInTurn: limitConcurrency(DECODING) };
  await app.register(pageRoutes);
  await app.register(healthRoutes, dependencies);
  await app.register(queueRoutes, dependencies);
  await app.register(createModelRoute, uploadOptions);
  await app.register(modelRoutes, dependencies);
  await app.register(createSamplesRoute, dependencies);
  await app.register(evaluationRoutes, dependencies);
  await app.register(animationRoute, dependencies);
  await app.register(manipulationRoutes, uploadOptions);
  await app.register(jobRoutes, dependencies);
  await app.register(jobEventsRoute, dependencies);
  await app.register(artifactRoutes, dependencies);
  await app.register(artifactContentRoute, dependencies);
}
