import { AppError } from '@singan/domain';
import type { Claim } from './claim-job.ts';
import type { Transaction } from './database.ts';
import type { Job, Prisma } from './generated/client.ts';

/** Selects the job of a claim only while its lease is the newest one and the job runs. */
function heldBy(claim: Claim) {
  return { id: claim.job.id, leaseToken: claim.token, state: 'running' } satisfies Prisma.JobWhereInput;
}

export function leaseLost(claim: Claim): AppError {
  return new AppError('lease.lost', `job ${claim.job.id} is no longer held by attempt ${claim.attempt}`, {
    context: { jobId: claim.job.id, token: String(claim.token) },
  });
}

/**
 * Changes the job of a claim, and locks its row to the end of the transaction. A lease that ran out but was not given
 * away still counts: the token decides, not the time.
 * @throws AppError lease.lost; nothing is written then
 */
export async function changeHeldJob(
  tx: Transaction,
  claim: Claim,
  data: Prisma.JobUncheckedUpdateManyInput,
): Promise<Job> {
  const [job] = await tx.job.updateManyAndReturn({ where: heldBy(claim), data });
  if (job === undefined) throw leaseLost(claim);
  return job;
}
