import multipart from '@fastify/multipart';
import { createModelSchema, jobSchema, modelSchema } from '@singan/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UploadRouteOptions } from '../../dependencies.ts';
import { answerOnce } from '../../http/answer-once.ts';
import { filePart, formValidatorCompiler } from '../../http/form-route.ts';
import { contentOf, type UploadForm, withUpload } from '../../http/read-upload.ts';
import { createHeaders, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';
import { createTraining } from './create-training.ts';

const createdSchema = z.object({ model: modelSchema, job: jobSchema });
const formSchema = createModelSchema.extend({
  image: filePart('The picture: PNG, JPEG, WebP, TIFF, AVIF or GIF'),
});

const FORM: UploadForm<'image'> = {
  files: ['image'],
  fields: { config: 'json', name: 'text', metadata: 'json', webhook: 'json' },
};

export const createModelRoute: FastifyPluginAsyncZod<UploadRouteOptions> = async (app, dependencies) => {
  const { database, settings, uploadDirectory } = dependencies;
  await app.register(multipart);

  app.post(
    '/models',
    {
      validatorCompiler: formValidatorCompiler,
      schema: {
        tags: ['models'],
        summary: 'Train a model on a picture',
        consumes: ['multipart/form-data'],
        headers: createHeaders,
        body: formSchema,
        response: { 200: createdSchema, 202: createdSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const options = { form: FORM, directory: uploadDirectory, maxBytes: settings.uploads.maxBytes };
      const answer = await withUpload(request, options, (upload) =>
        answerOnce({
          database,
          request,
          content: contentOf(upload),
          create: (key) => createTraining({ dependencies, upload, idempotencyKey: key }),
        }),
      );
      return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
    },
  );
};
