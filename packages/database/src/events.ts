import { jobEventSchema } from '@singan/contracts';
import type { Database } from './database.ts';
import { fromJson } from './json.ts';
import type { JobEventRecord } from './records.ts';

/** Events of a job after a sequence number, in order. Progress is not among them: the newest is in the job itself. */
export async function readEvents(db: Database, jobId: string, afterSeq: number): Promise<readonly JobEventRecord[]> {
  const rows = await db.query((client) =>
    client.jobEvent.findMany({ where: { jobId, seq: { gt: afterSeq } }, orderBy: { seq: 'asc' } }),
  );
  return rows.map(({ seq, type, data, createdAt }) => ({
    seq,
    event: fromJson(jobEventSchema, { ...(data as object), type }, 'job_events.data'),
    createdAt,
  }));
}
