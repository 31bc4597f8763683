import { createHash } from 'node:crypto';
import { type Job, jobSchema, type Model, modelSchema } from '@singan/contracts';
import { abandonIdempotent, beginIdempotent, type Database, type IdempotentResponse } from '@singan/database';
import { AppError } from '@singan/domain';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { stableJson } from './stable-json.ts';

/**
 * What a create call answers with; kept under its Idempotency-Key for 24 hours. The body is JSON as it goes over the wire: a replay
 * sends the bytes of the first answer, also when an older version made it.
 */
export interface CreateAnswer extends IdempotentResponse {
  readonly body: string;
}

const acceptedSchema = z.object({ model: modelSchema.optional(), job: jobSchema });

/** How long a caller should wait before it asks for the job. */
const RETRY_AFTER_SECONDS = '2';

/** 202: the job is on its way, and Location is where to ask for it. */
export function acceptedAnswer(created: { readonly job: Job; readonly model?: Model }): CreateAnswer {
  const headers = { location: created.job.links.self, 'retry-after': RETRY_AFTER_SECONDS };
  return { status: 202, headers, body: JSON.stringify(acceptedSchema.parse(created)) };
}

interface AnswerOnceOptions {
  readonly database: Database;
  readonly request: FastifyRequest;
  /** Everything that makes the request what it is, besides its method and address. */
  readonly content: unknown;
  /** Keeps its answer under the key in the transaction that makes what was asked for: both are there or neither is. */
  readonly create: (key: string | null) => Promise<CreateAnswer>;
}

/**
 * Runs a create call once per Idempotency-Key: the same request gets the kept answer. A refused call keeps nothing, so that a corrected one may use the key.
 *
 * @throws AppError `idempotency.key_reused`, `idempotency.in_flight`, and what `create` throws
 */
export async function answerOnce(o: AnswerOnceOptions): Promise<CreateAnswer & { isReplay: boolean }> {
  const key = idempotencyKey(o.request);
  if (key === null) return { ...(await o.create(null)), isReplay: false };
  const begun = await beginIdempotent(o.database, { key, fingerprint: fingerprintOf(o.request, o.content) });
  if (begun.kind === 'replay') {
    // Answers were once kept as objects.
    const body = typeof begun.body === 'string' ? begun.body : JSON.stringify(begun.body);
    return { status: begun.status, headers: begun.headers, body, isReplay: true };
  }
  if (begun.kind === 'mismatch') {
    throw new AppError(
      'idempotency.key_reused',
      'This Idempotency-Key was used with another request: expected the same method, address and body. Use a new key for a new request.',
    );
  }
  if (begun.kind === 'inFlight') {
    throw new AppError(
      'idempotency.in_flight',
      'The first request with this Idempotency-Key has not been answered yet; send it again in a moment for its answer.',
    );
  }
  try {
    return { ...(await o.create(key)), isReplay: false };
  } catch (error) {
    await abandonIdempotent(o.database, key).catch((fault) =>
      o.request.log.error({ err: fault }, 'idempotency key kept'),
    );
    throw error;
  }
}

function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new AppError('request.invalid', 'Idempotency-Key must have 1 to 255 visible ASCII characters and no spaces.');
}

function fingerprintOf(request: FastifyRequest, content: unknown): string {
  const path = request.url.split('?', 1)[0];
  return createHash('sha256')
    .update(stableJson([request.method, path, content]))
    .digest('hex');
}
