import { AppError } from '@singan/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { PROBLEM_CONTENT_TYPE, toProblem } from '../http/problem.ts';
import { translateError } from '../http/translate-error.ts';

const RETRY_AFTER_SECONDS = 5;

/** Every error leaves as problem+json, unknown addresses too. */
export default fp(
  async (app) => {
    app.setErrorHandler(sendProblem);
    app.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?', 1)[0];
      const detail = `There is no ${request.method} ${path}; /docs and /openapi.json list what there is.`;
      sendProblem(new AppError('route.not_found', detail), request, reply);
    });
  },
  { name: 'errors' },
);

export function sendProblem(cause: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = translateError(cause);
  log(error, request);
  if (error.httpStatus === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS);
  reply
    .code(error.httpStatus)
    .removeHeader('location')
    .header('cache-control', 'no-store')
    .type(PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(toProblem(error, request.id)));
}

function log(error: AppError, request: FastifyRequest): void {
  const { code, context } = error;
  // Of a refusal the places, not the sentences: those repeat what was sent.
  const pointers = error.errors.map(({ pointer }) => pointer);
  if (error.httpStatus >= 500) request.log.error({ code, context, err: error }, 'request failed');
  else request.log.info({ code, context, pointers }, 'request refused');
}
