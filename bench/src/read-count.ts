import { UsageError } from './usage-error.ts';

/** A whole number from 1 on a command line. @throws UsageError that names the flag, what was expected and what was got */
export function readCount(name: string, text: string | undefined, o: { fallback: number; max: number }): number {
  if (text === undefined) return o.fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > o.max)
    throw new UsageError(`--${name}: expected a whole number from 1 to ${o.max}, got "${text}"`);
  return value;
}
