import type { SuperResolveInput } from '@singan/contracts';
import { type CreateSuperResolution, createSuperResolutionSchema, jobSchema } from '@singan/contracts';
import type { ModelRecord } from '@singan/database';
import { AppError, type Size } from '@singan/domain';
import { planSuperResolution } from '@singan/plan';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UploadRouteOptions } from '../../dependencies.ts';
import { acceptJob, requireAllowedWebhook } from '../../http/accept-job.ts';
import { answerOnce, type CreateAnswer } from '../../http/answer-once.ts';
import { filePart, formValidatorCompiler } from '../../http/form-route.ts';
import { requireModestJson } from '../../http/json-limits.ts';
import { requireReadyModel } from '../../http/model-readiness.ts';
import { contentOf, type Upload, type UploadForm, withUpload } from '../../http/read-upload.ts';
import { createHeaders, idParams, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';
import { validate } from '../../http/validate.ts';
import { readImage } from './input-pictures.ts';

const createdSchema = z.object({ job: jobSchema });
const formSchema = createSuperResolutionSchema.extend({
  groundTruth: filePart('The picture in its true size: the result is compared with it. Only in a form').optional(),
});

const FORM: UploadForm<'groundTruth'> = {
  files: ['groundTruth'],
  fields: { factor: 'value', seed: 'value', format: 'text', webhook: 'json' },
};

export const superResolutionRoute: FastifyPluginAsyncZod<UploadRouteOptions> = async (app, dependencies) => {
  const { database, settings, drawSeed, uploadDirectory } = dependencies;

  app.post(
    '/models/:id/super-resolutions',
    {
      validatorCompiler: formValidatorCompiler,
      schema: {
        tags: ['models'],
        summary: 'Enlarge the training image',
        description: 'For models trained with purpose super-resolution.',
        params: idParams,
        consumes: ['application/json', 'multipart/form-data'],
        headers: createHeaders,
        body: formSchema,
        response: { 200: createdSchema, 202: createdSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const answer = await withRequest(request, (upload) => {
        const create = (key: string | null) => createSuperResolution(request.params.id, upload, key);
        return answerOnce({ database, request, content: contentOf(upload), create });
      });
      return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
    },
  );

  async function withRequest<T>(
    request: FastifyRequest,
    use: (upload: Upload<'groundTruth'>) => Promise<T>,
  ): Promise<T> {
    if (!request.isMultipart()) {
      requireModestJson(request.body);
      return use({ fields: request.body as Record<string, unknown>, files: {} });
    }
    return withUpload(request, { form: FORM, directory: uploadDirectory, maxBytes: settings.uploads.maxBytes }, use);
  }

  async function createSuperResolution(
    id: string,
    { fields, files }: Upload<'groundTruth'>,
    key: string | null,
  ): Promise<CreateAnswer> {
    const { webhook, ...wanted } = validate(createSuperResolutionSchema, fields);
    const model = await requireReadyModel(database, id);
    requirePurpose(model);
    const size = finalSize(model.working, wanted, settings.sampleMaxPixels);
    requireAllowedWebhook(webhook, settings);
    const source = { name: 'groundTruth', kind: 'input-ground-truth', size, model } as const;
    const truth = files.groundTruth && (await readImage(dependencies, { file: files.groundTruth, ...source }));
    const input = {
      ...wanted,
      seed: wanted.seed ?? drawSeed(),
      adjustments: [...(truth?.adjustments ?? [])],
    } satisfies SuperResolveInput;
    const pictures = truth === undefined ? [] : [truth.picture];
    const job = { kind: 'super-resolve', modelId: model.id, input, pictures, webhook, idempotencyKey: key } as const;
    return acceptJob({ dependencies, ...job });
  }
};

function requirePurpose({ config }: ModelRecord): void {
  if (config.purpose === 'super-resolution') return;
  throw new AppError(
    'model.wrong_purpose',
    `Super-resolution needs a model that was trained for it, this one has purpose ${config.purpose}. Train one on the same picture: POST /models with config {"purpose": "super-resolution", "superResolutionFactor": 4}.`,
  );
}

function finalSize(working: Size, { factor }: CreateSuperResolution, maxPixels: number): Size {
  const size = planSuperResolution(working, factor, { maxPixels }).at(-1);
  if (size === undefined) throw new AppError('internal', 'the plan of a super-resolution has no steps');
  return size;
}
