import { createModelSchema, createSamplesSchema, listJobsQuerySchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { validate } from './validate.ts';

function refusal(schema: z.ZodType, value: unknown): AppError {
  try {
    validate(schema, value);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('expected a refusal');
}

test('a value that fits is returned with its defaults', () => {
  expect(validate(createSamplesSchema, { seed: 7 })).toMatchObject({ count: 1, startScale: 0, format: 'png', seed: 7 });
});

test('a missing body counts as an empty one', () => {
  expect(validate(createSamplesSchema, null)).toMatchObject({ count: 1 });
});

test('an unknown field is named, with the allowed ones', () => {
  const { code, errors } = refusal(createModelSchema, { config: { iteratons: 5 } });
  expect(code).toBe('request.field_invalid');
  expect(errors[0]?.pointer).toBe('/config/iteratons');
  expect(errors[0]?.detail).toMatch(/Unknown field "iteratons"; allowed here: preset, .*maxSize, .*iterations/);
});

test('unknown fields are found at depth, and each is a fault of its own', () => {
  const { errors } = refusal(createModelSchema, { config: { pyramid: { a: 1, b: 2 } } });
  expect(errors.map((error) => error.pointer)).toEqual(['/config/pyramid/a', '/config/pyramid/b']);
  expect(errors[0]?.detail).toContain('rule, scaleCount, scaleFactor');
});

test.each([
  [
    createModelSchema,
    { config: { iterations: -1 } },
    '/config/iterations',
    'config.iterations must be at least 1, got -1.',
  ],
  [createSamplesSchema, { count: 1000 }, '/count', 'count must be at most 64, got 1000.'],
  [createSamplesSchema, { format: 'bmp' }, '/format', 'format must be one of png, webp, jpeg, got "bmp".'],
  [createSamplesSchema, { seed: 'x' }, '/seed', 'seed must be a number, got "x".'],
  [createSamplesSchema, [], '', 'The request must be an object, got an array.'],
  [createSamplesSchema, { width: 100, scaleX: 2 }, '/scaleX', 'scaleX is not valid: give width or scaleX, not both.'],
  [listJobsQuerySchema, { limit: '0' }, '/limit', 'limit must be at least 1, got 0.'],
])('a fault says where it is, what was expected and what came: %#', (schema, value, pointer, detail) => {
  expect(refusal(schema, value).errors).toEqual([{ pointer, detail }]);
});

test('all faults are reported at once', () => {
  expect(refusal(createSamplesSchema, { count: 0, format: 'bmp' }).errors).toHaveLength(2);
});

test('JSON that is deeper than any request needs is refused before it is walked', () => {
  const deep = JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`);
  expect(refusal(createSamplesSchema, { seed: deep }).message).toBe('The JSON may be nested at most 8 levels deep.');
});

test('JSON with more values than any request needs is refused', () => {
  const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`key${i}`, i]));
  expect(refusal(createSamplesSchema, wide).message).toBe('The JSON may have at most 1000 values.');
});
