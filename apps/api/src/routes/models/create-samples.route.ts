import { type CreateSamples, createSamplesSchema, jobSchema, type SampleInput } from '@singan/contracts';
import { createJob, type JobRecord, type ModelRecord } from '@singan/database';
import { AppError } from '@singan/domain';
import { planSample } from '@singan/plan';
import { checkWebhookUrl } from '@singan/webhooks';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { acceptedAnswer, answerOnce, type CreateAnswer } from '../../http/answer-once.ts';
import { requireModel } from '../../http/require-record.ts';
import { createHeaders, idParams, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';
import { toJob } from '../../present/present-job.ts';

const createdSchema = z.object({ job: jobSchema });

export const createSamplesRoute: FastifyPluginAsyncZod<ApiDependencies> = async (app, dependencies) => {
  const { database, settings, ids, drawSeed } = dependencies;

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
    planSample(donePlan(model), sample, { maxPixels: settings.sampleMaxPixels });
    if (webhook !== undefined) checkWebhookUrl(webhook.url, { allowPrivate: settings.isPrivateWebhookAllowed });
    const job = await createJob(database, {
      jobId: ids('job'),
      kind: 'sample',
      modelId: model.id,
      input: { ...sample, seed: sample.seed ?? drawSeed() } satisfies SampleInput,
      webhook: webhook ?? null,
      ...(key === null ? {} : { idempotency: { key, respond: answerFor } }),
    });
    return answerFor(job);
  }
};

function answerFor(job: JobRecord): CreateAnswer {
  return acceptedAnswer({ job: toJob(job) });
}

function requireDrawable(model: ModelRecord): void {
  if (model.scalesDone > 0) return;
  const advice =
    model.state === 'queued' || model.state === 'training'
      ? 'Its first scale is still to be trained; follow the training job and ask again after its first preview.'
      : `Its training has ${model.state} before the first scale was done; retry the training job.`;
  throw new AppError(
    'model.not_ready',
    `The model has no trained scale yet. ${advice} Training job: ${model.trainingJobId}.`,
  );
}

/** The part of the plan that is trained: the finest scale done so far gives the size of a sample. */
function donePlan(model: ModelRecord): ModelRecord['pyramid'] {
  return { ...model.pyramid, levels: model.pyramid.levels.slice(0, model.scalesDone) };
}
