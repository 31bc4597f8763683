import type { Transaction } from './database.ts';

/**
 * Locks a model against every other change of its state and of its jobs' states. Every transaction that moves a job takes
 * this lock first and the job's second, so that no two wait for each other. Foreign keys to the model can still be inserted.
 */
export async function lockModel(tx: Transaction, modelId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "models" WHERE "id" = ${modelId} FOR NO KEY UPDATE`;
}

/** The database's clock at this moment (not at the start of the transaction, which may have waited for a lock since). */
export async function databaseNow(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS "now"`;
  return row.now;
}

/** Locks the model of a job and then the job; false if there is no such job. */
export async function lockJob(tx: Transaction, jobId: string): Promise<boolean> {
  const job = await tx.job.findUnique({ where: { id: jobId }, select: { modelId: true } });
  if (job === null) return false;
  await lockModel(tx, job.modelId);
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "jobs" WHERE "id" = ${jobId} FOR NO KEY UPDATE`;
  return rows.length === 1;
}
