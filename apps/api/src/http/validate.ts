import { AppError } from '@singan/domain';
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { describeIssue } from './describe-issue.ts';
import { requireModestJson } from './json-limits.ts';

/** Checks a value that came from outside. @throws AppError `request.field_invalid` with one entry a fault */
export function validate<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  requireModestJson(value);
  const result = schema.safeParse(value ?? {}, { reportInput: true });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => describeIssue(issue, schema));
  const summary = errors.map((error) => error.detail).join(' ');
  throw new AppError('request.field_invalid', summary, { errors });
}

/** Checks a part of a request for Fastify; a fault leaves as our own error. */
export function zodValidator(schema: z.ZodType) {
  return (data: unknown): { value: unknown } | { error: Error } => {
    try {
      return { value: validate(schema, data) };
    } catch (error) {
      return { error: error as Error };
    }
  };
}

export const zodValidatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => zodValidator(schema);
