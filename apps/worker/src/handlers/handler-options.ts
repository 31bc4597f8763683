import { type Database, recordEngine } from '@singan/database';
import type { IdFactory } from '@singan/domain';
import type { ObjectStore } from '@singan/storage';
import type { ChildSource } from '../host/child-source.ts';
import type { EngineChild } from '../host/engine-child.ts';
import type { JobContext } from '../host/job-runner.ts';
import { type RetryOptions, withRetries } from '../host/retry.ts';
import type { EngineInfo } from '../protocol.ts';

/** What the handlers of all kinds of jobs work with. */
export interface HandlerOptions {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly ids: IdFactory;
  readonly children: ChildSource;
  /** Of one picture. */
  readonly maxPixels: number;
  readonly checkpointIntervalMs: number;
  readonly graceMs: number;
  onEngine(engine: EngineInfo): void;
}

/** For what can still be given up: a stop ends the waiting. */
export function retryUntilStop({ logger, stop, lost }: JobContext): RetryOptions {
  return { logger, signal: AbortSignal.any([stop, lost]) };
}

/** For what was made and must be written. */
export function retryUntilLost({ logger, lost }: JobContext): RetryOptions {
  return { logger, signal: lost };
}

/** Waits for the child's engine and notes what the job runs on. */
export async function awaitEngine(child: EngineChild, context: JobContext, o: HandlerOptions): Promise<EngineInfo> {
  const engine = await child.engine;
  o.onEngine(engine);
  await withRetries(() => recordEngine(o.database, context.claim, engine), retryUntilStop(context));
  return engine;
}
