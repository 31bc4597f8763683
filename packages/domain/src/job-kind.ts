/** Kinds of work. */
export const JOB_KINDS = ['train', 'sample'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** The two work queues: a sample of one second never waits behind a training of an hour. */
export const WORK_QUEUES = ['training', 'generation'] as const;
export type WorkQueue = (typeof WORK_QUEUES)[number];

export const QUEUE_OF_KIND: Record<JobKind, WorkQueue> = { train: 'training', sample: 'generation' };
