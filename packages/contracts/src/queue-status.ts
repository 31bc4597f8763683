import { JOB_KINDS, JOB_STATES, WORK_QUEUES } from '@singan/domain';
import { z } from 'zod';

/** Answer of `GET /queues`: what the ops page shows. Counted in Postgres, the truth. */
export const queueStatusSchema = z.object({
  queues: z.array(
    z.object({
      name: z.enum(WORK_QUEUES),
      counts: z.record(z.enum(JOB_STATES), z.int().nonnegative()),
      oldestWaitingSeconds: z.number().nonnegative().nullable(),
      finishedLastHour: z.int().nonnegative(),
    }),
  ),
  workers: z.array(
    z.object({
      id: z.string(),
      roles: z.array(z.string()),
      host: z.string(),
      pid: z.int(),
      engine: z.string().nullable(),
      startedAt: z.iso.datetime(),
      seenAt: z.iso.datetime(),
      running: z.array(z.object({ jobId: z.string(), kind: z.enum(JOB_KINDS), modelId: z.string() })),
    }),
  ),
  undispatched: z.int().nonnegative().describe('Outbox rows not yet handed to Redis'),
  pendingWebhooks: z.int().nonnegative(),
});
export type QueueStatus = z.infer<typeof queueStatusSchema>;
