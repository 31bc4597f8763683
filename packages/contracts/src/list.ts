import { JOB_KINDS, JOB_STATES, MODEL_STATES } from '@singan/domain';
import { z } from 'zod';

const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before'),
};
export const listEvaluationsQuerySchema = z.strictObject(pageQuery);
export const listModelsQuerySchema = z.strictObject({ ...pageQuery, state: z.enum(MODEL_STATES).optional() });
export const listJobsQuerySchema = z.strictObject({
  ...pageQuery,
  state: z.enum(JOB_STATES).optional(),
  kind: z.enum(JOB_KINDS).optional(),
  modelId: z.string().optional(),
});

/** One page, newest first. `nextCursor` is null on the last page. */
export function listSchema<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}
