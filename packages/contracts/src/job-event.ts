import { JOB_STATES } from '@singan/domain';
import { z } from 'zod';
import { jobErrorSchema, progressSchema } from './job.ts';

/** Pictures that are announced while their job runs. Not animations: their job makes one, at its end, and it may be a video. */
export const PREVIEW_KINDS = [
  'reconstruction',
  'scale-sample',
  'sample',
  'painting',
  'harmonization',
  'edit',
  'super-resolution',
] as const;

/**
 * Events of a job, in the order in which they happened: what `GET /jobs/:id/events` streams (`event:` is the type, `data:` the rest as JSON,
 * `id:` the sequence number). Kept in Postgres but for `progress`, of which only the newest is kept.
 */
export const jobEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: z.enum(JOB_STATES), attempt: z.int().nonnegative() }),
  z.object({ type: z.literal('progress'), progress: progressSchema }),
  z.object({
    type: z.literal('preview'),
    scale: z.int().nonnegative(),
    artifact: z.string(),
    kind: z.enum(PREVIEW_KINDS),
    links: z.object({ content: z.string() }),
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), message: z.string() }),
  z.object({
    type: z.literal('done'),
    state: z.enum(['succeeded', 'failed', 'canceled']),
    error: jobErrorSchema.nullable(),
  }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;
