import type { EvaluationScores } from '@singan/contracts';
import type { Claim } from './claim-job.ts';
import type { Database } from './database.ts';
import { changeHeldJob } from './hold-lease.ts';
import { toNullableJson } from './json.ts';
import { readCursor, toPage } from './pages.ts';
import type { EvaluationRecord, Page } from './records.ts';
import { toEvaluationRecord } from './rows.ts';

export interface NewEvaluation {
  readonly id: string;
  readonly startScale: number;
  readonly seed: number;
  readonly scores: EvaluationScores;
}

/**
 * What an evaluation found. The one of an earlier attempt stays: the same seed draws the same samples.
 * @throws AppError lease.lost
 */
export async function recordEvaluation(db: Database, claim: Claim, o: NewEvaluation): Promise<void> {
  const { scores, seed, ...set } = o;
  const { inputRange, sifid, copyScore, ...numbers } = scores;
  const data = {
    ...{ ...set, seed: BigInt(seed), modelId: claim.model.id, jobId: claim.job.id },
    ...{ ...numbers, inputRange: [...inputRange], sifid: toNullableJson(sifid), copyScore: toNullableJson(copyScore) },
  };
  await db.transaction(async (tx) => {
    await changeHeldJob(tx, claim, { eventSeq: { increment: 0 } });
    await tx.evaluation.createMany({ data, skipDuplicates: true });
  });
}

/** The newest one of each start scale, coarsest first. */
export async function newestEvaluations(db: Database, modelId: string): Promise<readonly EvaluationRecord[]> {
  const rows = await db.query(async (client) => {
    const newest = await client.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT ON ("start_scale") "id" FROM "evaluations" WHERE "model_id" = ${modelId}
      ORDER BY "start_scale", "id" DESC`;
    const ids = newest.map(({ id }) => id);
    return client.evaluation.findMany({ where: { id: { in: ids } }, orderBy: { startScale: 'asc' } });
  });
  return rows.map(toEvaluationRecord);
}

/** Newest first. @throws AppError request.field_invalid for a cursor that is none */
export async function listEvaluations(
  db: Database,
  o: { readonly modelId: string; readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<EvaluationRecord>> {
  const before = readCursor(o.cursor, 'evl');
  const rows = await db.query((client) =>
    client.evaluation.findMany({
      where: { modelId: o.modelId, ...(before !== null && { id: { lt: before } }) },
      orderBy: { id: 'desc' },
      take: o.limit + 1,
    }),
  );
  return toPage(rows, o.limit, toEvaluationRecord);
}
