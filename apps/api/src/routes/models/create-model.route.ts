import multipart from '@fastify/multipart';
import { createModelSchema, jobSchema, modelSchema } from '@singan/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { answerOnce } from '../../http/answer-once.ts';
import { limitConcurrency } from '../../http/limit-concurrency.ts';
import { createHeaders, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';
import { zodValidator } from '../../http/validate.ts';
import { createTraining } from './create-training.ts';
import { withModelUpload } from './read-model-upload.ts';

const createdSchema = z.object({ model: modelSchema, job: jobSchema });
const formSchema = createModelSchema.extend({
  image: z.string().meta({ format: 'binary', description: 'The picture: PNG, JPEG, WebP, TIFF, AVIF or GIF' }),
});

/** Each decoding is a process of its own; the rest of a burst waits here, and far too many are sent away. */
const DECODING = { running: 2, waiting: 100 };

export const createModelRoute: FastifyPluginAsyncZod<ApiDependencies> = async (app, dependencies) => {
  const { database, settings, uploadDirectory } = dependencies;
  const decodeInTurn = limitConcurrency(DECODING);
  await app.register(multipart);

  app.post(
    '/models',
    {
      // The form is for the document: its parts are read as they stream in, and checked then.
      validatorCompiler: ({ httpPart, schema }) =>
        httpPart === 'body' ? () => true : zodValidator(schema as unknown as z.ZodType),
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
      const limits = { directory: uploadDirectory, maxBytes: settings.uploads.maxBytes };
      const answer = await withModelUpload(request, limits, (upload) =>
        answerOnce({
          database,
          request,
          content: [upload.fields, upload.imageSha256],
          create: (key) => createTraining({ dependencies, upload, decodeInTurn, idempotencyKey: key }),
        }),
      );
      return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
    },
  );
};
