import type { FieldError } from '@singan/domain';
import { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What one zod issue says to a caller: each unknown field becomes a fault of its own, with the names that would have been right. */
export function describeIssue(issue: Issue, schema: z.ZodType): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = fieldsAt(schema, issue.path);
    return issue.keys.map((key) => ({
      pointer: toPointer([...issue.path, key]),
      detail: `Unknown field ${JSON.stringify(key)}; allowed here: ${allowed.join(', ')}.`,
    }));
  }
  return [{ pointer: toPointer(issue.path), detail: `${nameOf(issue.path)} ${expectation(issue)}` }];
}

/** RFC 6901. */
function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'The request' : path.map(String).join('.');
}

function expectation(issue: Issue): string {
  if (issue.code === 'too_small') {
    return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}${got(issue.input)}.`;
  }
  if (issue.code === 'too_big') {
    return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}${got(issue.input)}.`;
  }
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map(String).join(', ')}${got(issue.input)}.`;
  if (issue.code === 'invalid_type') return `must be ${articleFor(issue.expected)}${got(issue.input)}.`;
  // Unions say by themselves what they take.
  if (issue.code === 'invalid_union') return `must be ${issue.message}${got(issue.input)}.`;
  if (issue.code === 'invalid_format') return `must be a valid ${issue.format}${got(issue.input)}.`;
  if (issue.code === 'invalid_key') return 'has a key that is empty or too long.';
  return `is not valid: ${issue.message}.`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' items long' : '';
}

function articleFor(type: string): string {
  if (type === 'int') return 'a whole number';
  if (type === 'record') return 'an object';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** What was sent, when it is short enough to repeat. */
function got(input: unknown): string {
  if (input === undefined || input === null) return ', but it is missing';
  const text = typeof input === 'object' ? (Array.isArray(input) ? 'an array' : 'an object') : JSON.stringify(input);
  return text.length <= 60 ? `, got ${text}` : `, got ${text.length} characters`;
}

/** Names of the fields that a schema has at a path, looking through defaults, optionals and unions. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current = unwrap(schema);
  for (const part of path) {
    if (!(current instanceof z.ZodObject)) return [];
    const next = current.shape[String(part)];
    if (next === undefined) return [];
    current = unwrap(next as z.ZodType);
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema;
  while (current instanceof z.ZodOptional || current instanceof z.ZodDefault || current instanceof z.ZodNullable) {
    current = current.unwrap() as z.ZodType;
  }
  return current;
}
