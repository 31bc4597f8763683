import { Readable } from 'node:stream';
import { isTerminalJobState } from '@singan/domain';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { requireJob } from '../../http/require-record.ts';
import { idParams, problemResponses, rawBody } from '../../http/responses.ts';
import { streamJobEvents } from '../../http/stream-job-events.ts';

const DESCRIPTION = `Server-sent events: \`state\`, \`progress\`, \`preview\`, \`log\`, \`done\`. All past events come first, then each as it happens; the stream ends after \`done\`.
\`id\` is the event's number within the job (progress has none): send it back as \`Last-Event-ID\` to go on after it. 204 when nothing is left to say.`;

export const jobEventsRoute: FastifyPluginAsyncZod<ApiDependencies> = async (app, { database, listener }) => {
  app.get(
    '/jobs/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['jobs'],
        summary: 'Follow a job',
        description: DESCRIPTION,
        params: idParams,
        headers: z.looseObject({ 'last-event-id': z.string().optional() }),
        response: {
          200: rawBody('The events', 'text/event-stream'),
          204: z.undefined().describe('The job has ended and its last event was received'),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const job = await requireJob(database, request.params.id);
      const afterSeq = parseSeq(request.headers['last-event-id']);
      // 204 tells a browser's EventSource not to connect again.
      if (isTerminalJobState(job.state) && afterSeq >= job.eventSeq) return reply.code(204).send();
      const abort = app.abandonSignal(reply);
      const events = streamJobEvents({ database, listener, jobId: job.id, afterSeq, abort });
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(events));
    },
  );
};

/** An id that is not a number of ours replays everything: a reader would rather see events twice than miss some. */
function parseSeq(lastEventId: string | undefined): number {
  return /^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
}
