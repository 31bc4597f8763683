/** Kinds of work. */
export const JOB_KINDS = [
  'train',
  'sample',
  'paint',
  'harmonize',
  'edit',
  'animate',
  'super-resolve',
  'evaluate',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** The two work queues: a sample of one second never waits behind a training of an hour. */
export const WORK_QUEUES = ['training', 'generation'] as const;
export type WorkQueue = (typeof WORK_QUEUES)[number];

/** Where a job waits: with the trainings if it trains, which a painting does that is to be quantised (one scale, anew). */
export function queueOfJob(kind: JobKind, input: { readonly quantize?: unknown }): WorkQueue {
  if (kind === 'train') return 'training';
  const isRetraining = kind === 'paint' && input.quantize !== null && input.quantize !== undefined;
  return isRetraining ? 'training' : 'generation';
}
