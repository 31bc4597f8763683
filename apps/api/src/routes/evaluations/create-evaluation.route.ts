import {
  type CreateEvaluation,
  createEvaluationSchema,
  type EvaluateInput,
  type EvaluationMetric,
  jobSchema,
  SIFID_LAYERS,
} from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import { hasSifid, resolveStartScale, SMALLEST_SIFID_SIZE } from '@singan/plan';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { acceptJob, requireAllowedWebhook } from '../../http/accept-job.ts';
import { answerOnce, type CreateAnswer } from '../../http/answer-once.ts';
import { requireReadyModel } from '../../http/model-readiness.ts';
import { createHeaders, idParams, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';

const createdSchema = z.object({ job: jobSchema });

export const createEvaluationRoute: FastifyPluginAsyncZod<ApiDependencies> = async (app, dependencies) => {
  const { database, settings, drawSeed } = dependencies;

  app.post(
    '/models/:id/evaluations',
    {
      schema: {
        tags: ['models'],
        summary: 'Score a model by samples of it',
        description:
          'Draws samples of the trained size and compares them with the picture: how close they are (SIFID), how much they differ from one another (diversity), how much of the picture they repeat (copyScore). The same seed gives the same scores.',
        params: idParams,
        headers: createHeaders,
        body: createEvaluationSchema,
        response: { 200: createdSchema, 202: createdSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const create = (key: string | null) => createEvaluationJob(request.params.id, request.body, key);
      const answer = await answerOnce({ database, request, content: request.body, create });
      return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
    },
  );

  async function createEvaluationJob(id: string, body: CreateEvaluation, key: string | null): Promise<CreateAnswer> {
    const { webhook, ...wanted } = body;
    const { id: modelId, working, pyramid } = await requireReadyModel(database, id);
    const startScale = resolveStartScale(wanted.startScale, { scaleCount: pyramid.levels.length, min: 0 });
    requireMeasurable(working, wanted.metrics);
    requireAllowedWebhook(webhook, settings);
    const input: EvaluateInput = { ...wanted, startScale, seed: wanted.seed ?? drawSeed() };
    return acceptJob({ dependencies, kind: 'evaluate', modelId, input, webhook, idempotencyKey: key });
  }
};

function requireMeasurable(working: Size, metrics: readonly EvaluationMetric[]): void {
  const layer = SIFID_LAYERS.find((candidate) => !hasSifid(working, candidate));
  if (layer === undefined || !metrics.includes('sifid')) return;
  const { shorter, longer } = SMALLEST_SIFID_SIZE[layer];
  const detail = `SIFID (${layer}) needs a trained size of at least ${longer}x${shorter} or ${shorter}x${longer}, got ${working.width}x${working.height}. Leave it out with "metrics": ["diversity", "copyScore"].`;
  throw new AppError('evaluation.image_too_small', detail, { errors: [{ pointer: '/metrics', detail }] });
}
