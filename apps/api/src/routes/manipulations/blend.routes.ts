import { type BlendInput, type CreateBlend, createBlendSchema, jobSchema } from '@singan/contracts';
import type { ModelRecord } from '@singan/database';
import { resolveStartScales } from '@singan/plan';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UploadRouteOptions } from '../../dependencies.ts';
import { acceptJob, requireAllowedWebhook } from '../../http/accept-job.ts';
import { answerOnce, type CreateAnswer } from '../../http/answer-once.ts';
import { filePart, formValidatorCompiler } from '../../http/form-route.ts';
import { requireReadyModel } from '../../http/model-readiness.ts';
import { contentOf, type Upload, type UploadForm, withUpload } from '../../http/read-upload.ts';
import { createHeaders, idParams, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';
import { validate } from '../../http/validate.ts';
import { type BlendFile, readBlendPictures, requireBlendSource } from './blend-pictures.ts';
import { blendStartScale } from './default-start-scale.ts';

const createdSchema = z.object({ job: jobSchema });
const formSchema = createBlendSchema.extend({
  image: filePart('The changed picture, of any size; with mask').optional(),
  mask: filePart('White where it was changed; a pixel counts from half of the full brightness on').optional(),
  object: filePart('A picture with alpha that is laid on the training image; with placement').optional(),
});

const FORM: UploadForm<BlendFile> = {
  files: ['image', 'mask', 'object'],
  fields: { placement: 'json', startScale: 'value', seed: 'value', format: 'text', webhook: 'json' },
};

const TASKS = [
  { kind: 'harmonize', resource: 'harmonizations', summary: 'Fit an object that was pasted in to the rest' },
  { kind: 'edit', resource: 'edits', summary: 'Mend the seams of an edited picture' },
] as const;
type BlendKind = (typeof TASKS)[number]['kind'];

export const blendRoutes: FastifyPluginAsyncZod<UploadRouteOptions> = async (app, dependencies) => {
  const { database, settings, drawSeed, uploadDirectory } = dependencies;

  for (const { kind, resource, summary } of TASKS) {
    app.post(
      `/models/:id/${resource}`,
      {
        validatorCompiler: formValidatorCompiler,
        schema: {
          tags: ['models'],
          summary,
          description: 'Send `image` and `mask`, or `object` and `placement`.',
          params: idParams,
          consumes: ['multipart/form-data'],
          headers: createHeaders,
          body: formSchema,
          response: { 200: createdSchema, 202: createdSchema, ...problemResponses },
        },
      },
      async (request, reply) => {
        const options = { form: FORM, directory: uploadDirectory, maxBytes: settings.uploads.maxBytes };
        const answer = await withUpload(request, options, (upload) => {
          const create = (key: string | null) => createBlend({ kind, id: request.params.id, upload, key });
          return answerOnce({ database, request, content: contentOf(upload), create });
        });
        return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
      },
    );
  }

  async function createBlend(o: {
    kind: BlendKind;
    id: string;
    upload: Upload<BlendFile>;
    key: string | null;
  }): Promise<CreateAnswer> {
    const fields = validate(createBlendSchema, o.upload.fields);
    const source = requireBlendSource(o.upload, fields);
    const model = await requireReadyModel(database, o.id);
    const scales = startScalesOf(model, fields);
    requireAllowedWebhook(fields.webhook, settings);
    const { pictures, adjustments } = await readBlendPictures(dependencies, source, model);
    const { webhook, ...rest } = fields;
    const seed = fields.seed ?? drawSeed();
    const input = { ...rest, ...scales, seed, adjustments: [...adjustments] } satisfies BlendInput;
    const job = { kind: o.kind, modelId: model.id, input, pictures, webhook, idempotencyKey: o.key };
    return acceptJob({ dependencies, ...job });
  }
};

function startScalesOf(model: ModelRecord, fields: CreateBlend) {
  const scaleCount = model.pyramid.levels.length;
  const startScale = fields.startScale ?? blendStartScale(model);
  return { startScale, startScales: resolveStartScales(startScale, { scaleCount, min: 1 }) };
}
