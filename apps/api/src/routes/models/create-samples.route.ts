import { type CreateSamples, createSamplesSchema, jobSchema, MAX_SAMPLES, type SampleInput } from '@singan/contracts';
import type { ModelRecord } from '@singan/database';
import { AppError } from '@singan/domain';
import { planSample, resolveStartScales, samplePixelLimit } from '@singan/plan';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { acceptJob, requireAllowedWebhook } from '../../http/accept-job.ts';
import { answerOnce, type CreateAnswer } from '../../http/answer-once.ts';
import { requireDrawable } from '../../http/model-readiness.ts';
import { requireModel } from '../../http/require-record.ts';
import { createHeaders, idParams, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';

const createdSchema = z.object({ job: jobSchema });

export const createSamplesRoute: FastifyPluginAsyncZod<ApiDependencies> = async (app, dependencies) => {
  const { database, settings, drawSeed } = dependencies;

  app.post(
    '/models/:id/samples',
    {
      schema: {
        tags: ['models'],
        summary: 'Draw new pictures',
        description: 'A model still in training draws from the scales that are done so far.',
        params: idParams,
        headers: createHeaders,
        body: createSamplesSchema,
        response: { 200: createdSchema, 202: createdSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const create = (key: string | null) => createSampleJob(request.params.id, request.body, key);
      const answer = await answerOnce({ database, request, content: request.body, create });
      return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
    },
  );

  async function createSampleJob(modelId: string, body: CreateSamples, key: string | null): Promise<CreateAnswer> {
    const { webhook, ...sample } = body;
    const model = await requireModel(database, modelId);
    requireDrawable(model);
    const startScales = resolveStartScales(sample.startScale, { scaleCount: model.scalesDone, min: 0 });
    requireFewSamples(sample.count, startScales.length);
    const { width, height, scaleX, scaleY } = sample;
    const maxPixels = samplePixelLimit(model.config, settings.sampleMaxPixels);
    planSample(donePlan(model), { width, height, scaleX, scaleY }, { maxPixels });
    requireAllowedWebhook(webhook, settings);
    const input: SampleInput = { ...sample, startScales, seed: sample.seed ?? drawSeed() };
    return acceptJob({ dependencies, kind: 'sample', modelId: model.id, input, webhook, idempotencyKey: key });
  }
};

function requireFewSamples(count: number, scales: number): void {
  if (count * scales <= MAX_SAMPLES) return;
  const most = Math.floor(MAX_SAMPLES / scales);
  const detail = `count must be at most ${most}, got ${count}: a job draws at most ${MAX_SAMPLES} pictures, and these are drawn at each of ${scales} scales.`;
  throw new AppError('request.field_invalid', detail, { errors: [{ pointer: '/count', detail }] });
}

/** The part of the plan that is trained: the finest scale done so far gives the size of a sample. */
function donePlan(model: ModelRecord): ModelRecord['pyramid'] {
  return { ...model.pyramid, levels: model.pyramid.levels.slice(0, model.scalesDone) };
}
