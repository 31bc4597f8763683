import { type AnimateInput, type CreateAnimation, createAnimationSchema, jobSchema } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import { planSuperResolution, resolveStartScales } from '@singan/plan';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { acceptJob, requireAllowedWebhook } from '../../http/accept-job.ts';
import { answerOnce, type CreateAnswer } from '../../http/answer-once.ts';
import { requireReadyModel } from '../../http/model-readiness.ts';
import { createHeaders, idParams, problemResponses } from '../../http/responses.ts';
import { sendCreated } from '../../http/send-created.ts';
import { requireSequential } from './require-sequential.ts';

const createdSchema = z.object({ job: jobSchema });

export const animationRoute: FastifyPluginAsyncZod<ApiDependencies> = async (app, dependencies) => {
  const { database, settings, drawSeed } = dependencies;

  app.post(
    '/models/:id/animations',
    {
      schema: {
        tags: ['models'],
        summary: 'Let the picture move',
        description:
          'A random walk that stays near the training image. Any model can walk; one trained with purpose animation does it best.',
        params: idParams,
        headers: createHeaders,
        body: createAnimationSchema,
        response: { 200: createdSchema, 202: createdSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const create = (key: string | null) => createAnimation(request.params.id, request.body, key);
      const answer = await answerOnce({ database, request, content: request.body, create });
      return sendCreated({ dependencies, prefer: request.headers.prefer, reply, answer });
    },
  );

  async function createAnimation(id: string, body: CreateAnimation, key: string | null): Promise<CreateAnswer> {
    const { webhook, ...animation } = body;
    const model = await requireReadyModel(database, id);
    const scaleCount = model.pyramid.levels.length;
    const startScales = resolveStartScales(animation.startScale, { scaleCount, min: 0 });
    const { frames, format } = animation;
    if (animation.superResolution !== null) requireSequential(model, 'superResolution of an animation');
    const size = frameSize(model.working, animation, settings.sampleMaxPixels);
    requirePixels({ frames, sweep: startScales.length, size, maxPixels: settings.animationMaxPixels });
    if (format === 'mp4' && !(await dependencies.canWriteMp4())) {
      throw new AppError(
        'animation.mp4_unavailable',
        'MP4 needs ffmpeg with libx264 or mpeg4, which is not installed where the service runs. Ask for webp or gif.',
      );
    }
    requireAllowedWebhook(webhook, settings);
    const input: AnimateInput = { ...animation, startScales, seed: animation.seed ?? drawSeed() };
    return acceptJob({ dependencies, kind: 'animate', modelId: model.id, input, webhook, idempotencyKey: key });
  }
};

/** @throws AppError `sample.too_large` when a single frame would be larger than a picture may be */
function frameSize(working: Size, { superResolution }: CreateAnimation, maxPixels: number): Size {
  if (superResolution === null) return working;
  const size = planSuperResolution(working, superResolution.factor, { maxPixels }).at(-1);
  if (size === undefined) throw new AppError('internal', 'the plan of a super-resolution has no steps');
  return size;
}

function requirePixels(o: { frames: number; sweep: number; size: Size; maxPixels: number }): void {
  const { frames, sweep, size, maxPixels } = o;
  const framePixels = size.width * size.height * sweep;
  if (frames * framePixels <= maxPixels) return;
  const scales = sweep === 1 ? '' : ` at each of ${sweep} start scales`;
  const detail = `expected at most ${maxPixels} pixels in all frames together, got ${frames} frames of ${size.width}x${size.height}${scales}: at most ${Math.floor(maxPixels / framePixels)} frames fit`;
  throw new AppError('animation.too_large', `frames: ${detail}.`, { errors: [{ pointer: '/frames', detail }] });
}
