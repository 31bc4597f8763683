import { AppError } from '@singan/domain';
import type { z } from 'zod';
import { Prisma } from './generated/client.ts';

/** A value as Prisma takes it for a JSON column. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

/** As toJson; null is the database's NULL, not JSON's. */
export function toNullableJson(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined ? Prisma.DbNull : toJson(value);
}

/** A JSON column read by the schema of its contract. */
export function fromJson<T extends z.ZodType>(schema: T, value: unknown, column: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('internal', `${column} in the database does not match its schema`, { cause: result.error });
}

export function fromNullableJson<T extends z.ZodType>(schema: T, value: unknown, column: string): z.infer<T> | null {
  return value === null ? null : fromJson(schema, value, column);
}
