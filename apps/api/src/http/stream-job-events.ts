import type { JobEvent, Progress } from '@singan/contracts';
import { type Database, getJob, type JobListener, readEvents } from '@singan/database';
import { isTerminalJobState } from '@singan/domain';
import { WakeSignal } from './wake-signal.ts';

const HEARTBEAT_MS = 15_000;
/** A picture of progress twice a second is as live as a reader can tell. */
const PROGRESS_INTERVAL_MS = 500;
const RECONNECT_AFTER_MS = 3000;

interface StreamJobEventsOptions {
  readonly database: Database;
  readonly listener: JobListener;
  readonly jobId: string;
  /** Sequence number of the last event that the reader has; 0 for none. */
  readonly afterSeq: number;
  readonly abort: AbortSignal;
}

/**
 * The events of a job as text/event-stream: those of the past, then each as it is written, until the job has ended.
 * The subscription begins before the first read, so nothing can fall between the two.
 */
export async function* streamJobEvents(o: StreamJobEventsOptions): AsyncGenerator<string, void> {
  const change = new WakeSignal();
  const unsubscribe = o.listener.subscribe(o.jobId, () => change.wake());
  const progress = new ProgressThrottle();
  let lastSeq = o.afterSeq;
  try {
    yield `retry: ${RECONNECT_AFTER_MS}\n\n`;
    for (;;) {
      const job = await getJob(o.database, o.jobId);
      if (job === null) return;
      let lastType: JobEvent['type'] | null = null;
      for (const { seq, event } of await readEvents(o.database, o.jobId, lastSeq)) {
        yield formatEvent(event, seq);
        lastSeq = seq;
        lastType = event.type;
      }
      // An event that came between the two reads may have ended the job, or a retry may have begun it anew: the last event decides.
      if (lastType === 'done' || (lastType === null && isTerminalJobState(job.state))) return;
      const newest = progress.take(job.progress, performance.now());
      if (newest !== null) yield formatEvent({ type: 'progress', progress: newest }, null);
      const result = await change.wait(progress.isHeldBack ? PROGRESS_INTERVAL_MS : HEARTBEAT_MS, o.abort);
      if (result === 'aborted') return;
      if (result === 'timeout' && !progress.isHeldBack) yield ': heartbeat\n\n';
    }
  } finally {
    unsubscribe();
  }
}

/** Lets a change of progress pass at most twice a second, and the newest one always in the end. */
class ProgressThrottle {
  #sent = 'null';
  #sentAtMs = Number.NEGATIVE_INFINITY;
  isHeldBack = false;

  take(progress: Progress | null, nowMs: number): Progress | null {
    const text = JSON.stringify(progress);
    const isNew = progress !== null && text !== this.#sent;
    this.isHeldBack = isNew && nowMs - this.#sentAtMs < PROGRESS_INTERVAL_MS;
    if (!isNew || this.isHeldBack) return null;
    this.#sent = text;
    this.#sentAtMs = nowMs;
    return progress;
  }
}

/** `event:` is the type, `data:` the rest as JSON; progress has no `id:`, because it is not replayed. */
function formatEvent(event: JobEvent, seq: number | null): string {
  const { type, ...data } = event;
  const id = seq === null ? '' : `id: ${seq}\n`;
  return `${id}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
