import { type Claim, type Database, getJob, scaleFiles } from '@singan/database';
import type { ObjectStore } from '@singan/storage';
import { jobPrefix } from '../host/object-keys.ts';

/**
 * Removes what interrupted attempts stored and never recorded. Called while the lease is held and everything of this attempt is
 * recorded: an earlier attempt can record nothing more, so what no row names now will never be named.
 */
export async function sweepAttempts(claim: Claim, o: { database: Database; store: ObjectStore }): Promise<void> {
  if (claim.attempt === 1) return;
  const job = await getJob(o.database, claim.job.id);
  if (job === null) return;
  const files = await scaleFiles(o.database, claim.model.id);
  const named = new Set([...files, ...job.inputs, ...job.outputs].map(({ key }) => key));
  const orphans: string[] = [];
  for await (const { key } of o.store.list(jobPrefix(claim.model.id, claim.job.id))) {
    if (!named.has(key)) orphans.push(key);
  }
  await o.store.delete(orphans);
}
