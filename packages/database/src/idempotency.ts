import { AppError } from '@singan/domain';
import { z } from 'zod';
import type { Database, Transaction } from './database.ts';
import { Prisma } from './generated/client.ts';
import { fromJson, toJson } from './json.ts';

export interface IdempotentResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;
}

/** Lets a create store its answer in its own transaction: both are there or neither is. */
export interface IdempotencyCompletion<Created> {
  readonly key: string;
  readonly respond: (created: Created) => IdempotentResponse;
}

export type IdempotencyStart =
  | { readonly kind: 'new' }
  | ({ readonly kind: 'replay' } & IdempotentResponse)
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'inFlight' };

const headersSchema = z.record(z.string(), z.string());

/**
 * Takes a key for a request. `new`: this caller is to answer it, then complete or abandon it. A key lasts 24 hours; one that
 * got no answer for 5 minutes is given to the next caller (should the first still end, only one of the two can complete).
 */
export async function beginIdempotent(
  db: Database,
  o: { key: string; fingerprint: string },
): Promise<IdempotencyStart> {
  return db.query(async (client) => {
    for (;;) {
      const taken = await client.$executeRaw`
        INSERT INTO "idempotency_keys" AS mine ("key", "fingerprint") VALUES (${o.key}, ${o.fingerprint})
        ON CONFLICT ("key") DO UPDATE
          SET "fingerprint" = EXCLUDED."fingerprint", "created_at" = now(), "status" = NULL, "body" = NULL, "headers" = NULL
          WHERE mine."created_at" < now() - interval '24 hours'
            OR (mine."status" IS NULL AND mine."fingerprint" = EXCLUDED."fingerprint"
                AND mine."created_at" < now() - interval '5 minutes')`;
      if (taken === 1) return { kind: 'new' };
      const row = await client.idempotencyKey.findUnique({ where: { key: o.key } });
      if (row === null) continue; // abandoned in between
      if (row.fingerprint !== o.fingerprint) return { kind: 'mismatch' };
      if (row.status === null) return { kind: 'inFlight' };
      const headers = fromJson(headersSchema, row.headers, 'idempotency_keys.headers');
      return { kind: 'replay', status: row.status, body: row.body, headers };
    }
  });
}

/** @throws AppError idempotency.in_flight when another request answered the key meanwhile */
export async function completeIdempotent(db: Database, key: string, response: IdempotentResponse): Promise<void> {
  await db.query((client) => complete(client, key, response));
}

/** As completeIdempotent, within the transaction of what was created: it is undone when the key was answered meanwhile. */
export async function completeWithin<Created>(
  tx: Transaction,
  completion: IdempotencyCompletion<Created>,
  created: Created,
): Promise<void> {
  await complete(tx, completion.key, completion.respond(created));
}

async function complete(tx: Transaction, key: string, response: IdempotentResponse): Promise<void> {
  const { status, body, headers } = response;
  const { count } = await tx.idempotencyKey.updateMany({
    where: { key, status: null },
    data: { status, body: body === null ? Prisma.JsonNull : toJson(body), headers: toJson(headers) },
  });
  if (count === 0)
    throw new AppError('idempotency.in_flight', 'another request with this Idempotency-Key was answered meanwhile');
}

/** Gives a key back after a failed request, so that the caller may try again with it. */
export async function abandonIdempotent(db: Database, key: string): Promise<void> {
  await db.query((client) => client.idempotencyKey.deleteMany({ where: { key, status: null } }));
}
