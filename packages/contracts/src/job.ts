import { JOB_KINDS, JOB_STATES } from '@singan/domain';
import { z } from 'zod';
import { inputPictureSchema, outputSchema } from './artifact.ts';
import { evaluationSchema } from './evaluation-answer.ts';

/** How far a running job is. `iteration` counts from 1 within its scale; sampling counts images as iterations of one scale. */
export const progressSchema = z.object({
  scale: z.int().nonnegative(),
  scales: z.int().positive(),
  iteration: z.int().nonnegative(),
  iterations: z.int().positive(),
  fraction: z.number().min(0).max(1).describe('Share of the whole job that is done, weighted by cost'),
  etaSeconds: z.number().nonnegative().nullable(),
  losses: z.record(z.string(), z.number()).nullable().describe('Newest losses of the scale in training'),
});
export type Progress = z.infer<typeof progressSchema>;

export const jobErrorSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  retryable: z.boolean(),
});
export type JobError = z.infer<typeof jobErrorSchema>;

/** What a job ran on and how long it took. */
export const jobMetricsSchema = z.object({
  queuedSeconds: z.number().nonnegative().nullable(),
  runSeconds: z.number().nonnegative().nullable(),
  engine: z.string().nullable(),
  isa: z.string().nullable(),
  threads: z.int().positive().nullable(),
  device: z.string().nullable(),
});
export type JobMetrics = z.infer<typeof jobMetricsSchema>;

export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  modelId: z.string(),
  state: z.enum(JOB_STATES),
  position: z
    .int()
    .positive()
    .nullable()
    .describe('Place in the queue, 1 is next; null unless queued, and in the answer that creates the job'),
  input: z.record(z.string(), z.unknown()).describe('What was asked for, with every default filled in, the seed too'),
  inputs: z.array(inputPictureSchema).describe('The pictures that were sent with the request'),
  outputs: z.array(outputSchema),
  evaluation: evaluationSchema
    .nullable()
    .describe('What an evaluate job found; null for all others, and before its end'),
  error: jobErrorSchema.nullable(),
  progress: progressSchema.nullable(),
  cancelRequested: z.boolean(),
  attempts: z.int().nonnegative(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  metrics: jobMetricsSchema,
  links: z.object({ self: z.string(), cancel: z.string(), events: z.string(), model: z.string() }),
});
export type Job = z.infer<typeof jobSchema>;
