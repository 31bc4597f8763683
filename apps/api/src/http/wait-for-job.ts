import { type Database, getJob, type JobListener, type JobRecord } from '@singan/database';
import { isTerminalJobState } from '@singan/domain';
import { WakeSignal } from './wake-signal.ts';

interface WaitForJobOptions {
  readonly database: Database;
  readonly listener: JobListener;
  readonly jobId: string;
  readonly timeoutMs: number;
  readonly abort: AbortSignal;
}

/** The job as soon as it has ended; null when it has not in time. Looks again only when the listener says that something changed. */
export async function waitForJob(o: WaitForJobOptions): Promise<JobRecord | null> {
  const deadline = performance.now() + o.timeoutMs;
  const change = new WakeSignal();
  const unsubscribe = o.listener.subscribe(o.jobId, () => change.wake());
  try {
    for (;;) {
      const job = await getJob(o.database, o.jobId);
      if (job === null) return null;
      if (isTerminalJobState(job.state)) return job;
      const leftMs = Math.max(0, deadline - performance.now());
      if ((await change.wait(leftMs, o.abort)) !== 'woken') return null;
    }
  } finally {
    unsubscribe();
  }
}
