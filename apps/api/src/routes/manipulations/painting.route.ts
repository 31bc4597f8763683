import { createPaintingSchema, jobSchema, type PaintInput } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { resolveStartScales } from '@singan/plan';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UploadRouteOptions } from '../../dependencies.ts';
import { acceptJob, requireAllowedWebhook } from '../../http/accept-job.ts';
import { answerOnce, type CreateAnswer } from '../../http/answer-once.ts';
import { filePart, formValidatorCompiler } from '../../http/form-route.ts';
import { requireReadyModel } from '../../http/model-readiness.ts';
import { contentOf, missingFile, type Upload, type UploadForm, withUpload } from '../../http/read-upload.ts';
import { createHeaders, idParams, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';
import { validate } from '../../http/validate.ts';
import { paintingStartScale } from './default-start-scale.ts';
import { readImage } from './input-pictures.ts';
import { requireSequential } from './require-sequential.ts';

const createdSchema = z.object({ job: jobSchema });
const formSchema = createPaintingSchema.extend({ image: filePart('The painting, of any size') });

const FORM: UploadForm<'image'> = {
  files: ['image'],
  fields: { startScale: 'value', quantize: 'json', seed: 'value', format: 'text', webhook: 'json' },
};

export const paintingRoute: FastifyPluginAsyncZod<UploadRouteOptions> = async (app, dependencies) => {
  const { database, settings, drawSeed, uploadDirectory } = dependencies;

  app.post(
    '/models/:id/paintings',
    {
      validatorCompiler: formValidatorCompiler,
      schema: {
        tags: ['models'],
        summary: 'Turn a painting into a picture like the trained one',
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
        const create = (key: string | null) => createPainting(request.params.id, upload, key);
        return answerOnce({ database, request, content: contentOf(upload), create });
      });
      return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
    },
  );

  async function createPainting(id: string, upload: Upload<'image'>, key: string | null): Promise<CreateAnswer> {
    const { webhook, ...painting } = validate(createPaintingSchema, upload.fields);
    const file = upload.files.image;
    if (file === undefined) {
      throw missingFile('image', 'Expected the painting as the file part "image"; with curl: -F image=@painting.png');
    }
    const model = await requireReadyModel(database, id);
    const scaleCount = model.pyramid.levels.length;
    const startScale = painting.startScale ?? paintingStartScale(model);
    const startScales = resolveStartScales(startScale, { scaleCount, min: 1 });
    if (painting.quantize !== null) {
      requireSequential(model, 'quantize');
      requireOneScale(startScale);
    }
    requireAllowedWebhook(webhook, settings);
    const source = { file, name: 'image', kind: 'input-image', size: model.working, model } as const;
    const { picture, adjustments } = await readImage(dependencies, source);
    const input = {
      ...painting,
      startScale,
      startScales,
      seed: painting.seed ?? drawSeed(),
      adjustments: [...adjustments],
    } satisfies PaintInput;
    const pictures = [picture];
    return acceptJob({ dependencies, kind: 'paint', modelId: model.id, input, pictures, webhook, idempotencyKey: key });
  }
};

/** A sweep would train every scale anew. */
function requireOneScale(startScale: number | 'all'): void {
  if (startScale !== 'all') return;
  const detail = 'startScale must be one scale together with quantize, which trains it anew, got "all".';
  throw new AppError('request.field_invalid', detail, { errors: [{ pointer: '/startScale', detail }] });
}
