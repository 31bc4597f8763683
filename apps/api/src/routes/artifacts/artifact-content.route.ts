import type { ArtifactRecord } from '@singan/database';
import { AppError } from '@singan/domain';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { parseByteRange } from '../../http/byte-range.ts';
import { etagMatches, toEtag } from '../../http/etag.ts';
import { requireArtifact } from '../../http/require-record.ts';
import { idParams, problemResponses, rawBody } from '../../http/responses.ts';
import { artifactFilename } from '../../present/artifact-filename.ts';

const SIGNED_URL_SECONDS = 600;
/** A redirect is kept for less time than its signed URL is good for. */
const REDIRECT_CACHE = `private, max-age=${SIGNED_URL_SECONDS / 2}`;
const CONTENT_CACHE = 'private, max-age=31536000, immutable';

export const artifactContentRoute: FastifyPluginAsyncZod<ApiDependencies> = async (app, { database, store }) => {
  app.get(
    '/artifacts/:id/content',
    {
      schema: {
        tags: ['artifacts'],
        summary: 'The bytes of an artifact',
        description:
          'They never change: the ETag is their sha256. Answers 302 to a signed URL where the object store has one.',
        params: idParams,
        headers: z.looseObject({
          range: z.string().optional().describe('`bytes=first-last`; lists of ranges are answered with the whole'),
          'if-none-match': z.string().optional(),
          'if-range': z.string().optional(),
        }),
        response: {
          200: rawBody('The picture', 'image/*'),
          206: rawBody('The part that Range asks for', 'image/*'),
          302: z.undefined().describe('Location is a signed URL'),
          304: z.undefined().describe('The caller has it already'),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const artifact = await requireArtifact(database, request.params.id);
      const etag = toEtag(artifact.sha256);
      reply.header('etag', etag).header('cache-control', CONTENT_CACHE);
      if (etagMatches(request.headers['if-none-match'], etag)) return reply.code(304).send();
      const filename = artifactFilename(artifact);
      const { contentType, key } = artifact;
      const url = await store.signedUrl(key, { expiresSeconds: SIGNED_URL_SECONDS, contentType, filename });
      if (url !== null) return reply.header('cache-control', REDIRECT_CACHE).redirect(url, 302);
      const ifRange = request.headers['if-range'];
      const range = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
      reply.header('content-disposition', `inline; filename="${filename}"`).type(contentType);
      return sendBytes(reply, artifact, range);
    },
  );

  async function sendBytes(reply: FastifyReply, artifact: ArtifactRecord, rangeHeader: string | undefined) {
    const { key, sizeBytes } = artifact;
    const range = parseByteRange(rangeHeader, sizeBytes);
    reply.header('accept-ranges', 'bytes');
    if (range === 'outside') {
      reply.header('content-range', `bytes */${sizeBytes}`).removeHeader('content-disposition').removeHeader('etag');
      throw new AppError(
        'artifact.range_invalid',
        `The artifact has ${sizeBytes} bytes, numbered from 0; got ${rangeHeader}.`,
      );
    }
    if (range === null) {
      const { body } = await store.stream(key);
      return reply.header('content-length', sizeBytes).send(body);
    }
    const { body } = await store.stream(key, range);
    return reply
      .code(206)
      .header('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`)
      .header('content-length', range.end - range.start + 1)
      .send(body);
  }
};
