import { z } from 'zod';

/** How the text of a variable is read, and what is expected of it in words. */
export interface VariableType<T> {
  readonly schema: z.ZodType<T>;
  readonly expected: string;
}

/** One environment variable. */
export interface Variable<T> extends VariableType<T> {
  readonly description: string;
  /** As it would stand in the environment; a variable without one must be given, unless its type is optional. */
  readonly default?: string;
  /** Stands in the example file instead of a default. */
  readonly example?: string;
  /** Never printed. */
  readonly isSecret?: boolean;
}

export function variable<T>(type: VariableType<T>, facts: Omit<Variable<T>, keyof VariableType<T>>): Variable<T> {
  return { ...type, ...facts };
}

export function integer(range: { min: number; max: number; unit?: string }): VariableType<number> {
  const { min, max, unit } = range;
  return {
    schema: z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .pipe(z.int().min(min).max(max)),
    expected: `a whole number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}`,
  };
}

export function text(expected: string, pattern = /\S/): VariableType<string> {
  return { schema: z.string().regex(pattern), expected };
}

export function oneOf<const T extends string>(values: readonly T[]): VariableType<T> {
  return { schema: z.enum(values), expected: `one of ${values.join(', ')}` };
}

/** At least one of the values, each at most once, separated by commas. */
export function listOf<const T extends string>(values: readonly T[]): VariableType<readonly T[]> {
  return {
    schema: z
      .string()
      .transform((list) => list.split(',').map((entry) => entry.trim()))
      .pipe(z.array(z.enum(values)).refine((entries) => new Set(entries).size === entries.length)),
    expected: `some of ${values.join(', ')}, separated by commas, each at most once`,
  };
}

export function flag(): VariableType<boolean> {
  return { schema: z.enum(['true', 'false']).transform((value) => value === 'true'), expected: 'true or false' };
}

export function url(protocols: readonly string[]): VariableType<string> {
  return {
    schema: z.string().refine((value) => protocols.includes(protocolOf(value) ?? '')),
    expected: `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  };
}

function protocolOf(value: string): string | undefined {
  return URL.canParse(value) ? new URL(value).protocol : undefined;
}

/** May be absent; then its value is null. */
export function optional<T>(type: VariableType<T>): VariableType<T | null> {
  const schema = z.union([type.schema, z.undefined().transform(() => null)]);
  return { schema, expected: `${type.expected}, or nothing` };
}
