import type { Job } from '@singan/contracts';
import { type Database, type JobRecord, jobPosition } from '@singan/database';
import { links } from './links.ts';
import { presentInput, presentOutput } from './present-artifact.ts';
import { presentEvaluation } from './present-evaluation.ts';

/** A job as callers see it; its place in the queue is asked for only while it waits. */
export async function presentJob(database: Database, job: JobRecord): Promise<Job> {
  return toJob(job, job.state === 'queued' ? await jobPosition(database, job) : null);
}

/** The same without a place in the queue, for the answer that makes it: it is kept as it is, and a place would be old by then. */
export function toJob(job: JobRecord, position: number | null = null): Job {
  const { id, kind, modelId, state, input, error, progress, cancelRequested, attempts, metrics } = job;
  return {
    id,
    kind,
    modelId,
    state,
    position,
    input,
    inputs: job.inputs.map(presentInput).filter((picture) => picture !== null),
    outputs: job.outputs.map(presentOutput).filter((output) => output !== null),
    evaluation: job.evaluation && presentEvaluation(job.evaluation),
    error,
    progress,
    cancelRequested,
    attempts,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
    metrics,
    links: {
      self: links.job(id),
      cancel: links.jobCancel(id),
      events: links.jobEvents(id),
      model: links.model(modelId),
    },
  };
}
