import { problemSchema } from '@singan/contracts';
import { z } from 'zod';
import { PROBLEM_CONTENT_TYPE } from './problem.ts';

const problem = (description: string) => ({
  description,
  content: { [PROBLEM_CONTENT_TYPE]: { schema: problemSchema } },
});

/** Refusals that every address has, for the OpenAPI document. */
export const problemResponses = {
  '4xx': problem('The request is refused; `code` says why, `detail` what would fit'),
  '5xx': problem('The service failed; 503 asks to come back after Retry-After'),
};

export const idParams = z.strictObject({ id: z.string() });

export const createHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .optional()
    .describe('Any text of up to 255 characters: the same request with the same key is done once, for 24 hours'),
  prefer: z
    .string()
    .optional()
    .describe('`wait=N`: answer 200 with the finished job if it ends within N (at most 60) seconds'),
});

/** Bytes and streams are sent as they are; the schema only describes them. */
export const rawBody = (description: string, contentType: string) => ({
  description,
  content: { [contentType]: { schema: z.any().meta({ type: 'string' }) } },
});
