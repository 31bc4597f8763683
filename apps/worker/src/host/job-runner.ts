import {
  type Claim,
  claimJob,
  type Database,
  finishJob,
  handBackJob,
  type JobListener,
  type JobOutcome,
  recordLog,
  renewLease,
} from '@singan/database';
import { type AppError, type ErrorCode, type JobKind, toAppError } from '@singan/domain';
import type { Logger } from 'pino';
import { LeaseKeeper } from './lease-keeper.ts';
import { withRetries } from './retry.ts';

export interface JobRunnerOptions {
  readonly database: Database;
  readonly listener: JobListener;
  readonly logger: Logger;
  readonly workerId: string;
  readonly leaseMs: number;
  /** The worker is asked to end: running jobs are handed back. */
  readonly shutdown: AbortSignal;
}

/** What a handler gets to work with. */
export interface JobContext {
  readonly claim: Claim;
  readonly logger: Logger;
  /** The job is canceled, or the worker shuts down: come to an end in order. */
  readonly stop: AbortSignal;
  /** Another worker may have the job: write nothing more. */
  readonly lost: AbortSignal;
}

export type JobHandler = (context: JobContext) => Promise<'succeeded' | 'stopped'>;

/** Who handles which job: its kind decides, whatever queue it came by. */
export type JobHandlers = Readonly<Record<JobKind, JobHandler>>;

/** Faults of the surroundings, not of the job: another start can succeed. The database's poison rule bounds them. */
const HAND_BACK_CODES: ReadonlySet<ErrorCode> = new Set([
  'engine.crashed',
  'storage.unavailable',
  'database.unavailable',
  'service.overloaded',
]);

type Outcome = { kind: 'succeeded' } | { kind: 'stopped' } | { kind: 'error'; error: AppError };

/** Takes the job's lease, has it handled, and writes how it ended. Does nothing when the job is not to be had. */
export async function runJob(jobId: string, handlers: JobHandlers, o: JobRunnerOptions): Promise<void> {
  if (o.shutdown.aborted) return;
  const claim = await claimJob(o.database, { jobId, workerId: o.workerId, leaseMs: o.leaseMs });
  if (claim === null) return;
  const run = new JobRun(claim, o);
  try {
    await run.end(await run.handle(handlers[claim.job.kind]));
  } finally {
    await run.close();
  }
}

class JobRun {
  readonly #claim: Claim;
  readonly #o: JobRunnerOptions;
  readonly #logger: Logger;
  readonly #cancel = new AbortController();
  readonly #lost = new AbortController();
  readonly #lease: LeaseKeeper;
  readonly #unsubscribe: () => void;

  constructor(claim: Claim, o: JobRunnerOptions) {
    this.#claim = claim;
    this.#o = o;
    this.#logger = o.logger.child({ jobId: claim.job.id, modelId: claim.model.id, attempt: claim.attempt });
    this.#lease = new LeaseKeeper({
      renew: () => renewLease(o.database, claim, o.leaseMs),
      leaseMs: o.leaseMs,
      logger: this.#logger,
      onCancel: () => this.#cancel.abort(),
      onLost: (error) => this.#lost.abort(error),
    });
    this.#unsubscribe = o.listener.subscribe(claim.job.id, () => this.#lease.check());
    if (claim.job.cancelRequested) this.#cancel.abort();
    this.#logger.info({ kind: claim.job.kind }, 'job.claimed');
  }

  async handle(handler: JobHandler): Promise<Outcome> {
    const stop = AbortSignal.any([this.#cancel.signal, this.#o.shutdown]);
    const context = { claim: this.#claim, logger: this.#logger, stop, lost: this.#lost.signal };
    try {
      const end = await handler(context);
      return { kind: end };
    } catch (error) {
      return { kind: 'error', error: toAppError(error) };
    }
  }

  async end(outcome: Outcome): Promise<void> {
    const isLost = this.#lost.signal.aborted || (outcome.kind === 'error' && outcome.error.code === 'lease.lost');
    if (isLost) {
      this.#logger.warn('job.lease_lost');
      return;
    }
    await withRetries(() => this.#write(outcome), { logger: this.#logger, signal: this.#lost.signal });
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#lease.close();
  }

  async #write(outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'succeeded':
        return this.#finish({ state: 'succeeded' });
      case 'stopped':
        return this.#cancel.signal.aborted ? this.#finish({ state: 'canceled' }) : this.#handBack();
      case 'error':
        return this.#writeError(outcome.error);
    }
  }

  async #finish(outcome: JobOutcome): Promise<void> {
    await finishJob(this.#o.database, this.#claim, outcome);
    this.#logger.info({ state: outcome.state }, 'job.finished');
  }

  async #handBack(): Promise<void> {
    await handBackJob(this.#o.database, this.#claim);
    this.#logger.info('job.handed_back');
  }

  async #writeError(error: AppError): Promise<void> {
    if (HAND_BACK_CODES.has(error.code)) {
      this.#logger.warn({ err: error }, 'job.interrupted');
      const message = `${error.message} The job goes back to the queue.`;
      await recordLog(this.#o.database, this.#claim, 'warn', message);
      return this.#handBack();
    }
    this.#logger.error({ err: error, context: error.context }, 'job.failed');
    const { code, title, retryable } = error;
    // An unforeseen error may say things that are not for callers.
    const detail = code === 'internal' ? "The worker's log has the reason under the id of this job." : error.message;
    await this.#finish({ state: 'failed', error: { code, title, detail, retryable } });
  }
}
