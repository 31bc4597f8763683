import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { AppError } from '@singan/domain';

/** Values of a command line, all as text. */
export type Flags = Partial<Record<string, string | boolean>>;

/** @throws AppError `config.invalid` that names the flag and points to --help */
export function readFlags(args: readonly string[], options: ParseArgsOptionsConfig): Flags {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as Flags;
  } catch (cause) {
    throw invalid((cause as Error).message);
  }
}

export function readInteger(flags: Flags, name: string, o: { min: number; max: number }): number | null {
  const text = flags[name];
  if (typeof text !== 'string') return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= o.min && value <= o.max) return value;
  throw invalid(`--${name}: expected a whole number from ${o.min} to ${o.max}, got "${text}".`);
}

export function readChoice<T extends string>(flags: Flags, name: string, choices: readonly T[]): T | null {
  const text = flags[name];
  if (typeof text !== 'string') return null;
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw invalid(`--${name}: expected ${choices.join(' or ')}, got "${text}".`);
}

export function readText(flags: Flags, name: string): string | null {
  const text = flags[name];
  return typeof text === 'string' ? text : null;
}

export function isSet(flags: Flags, name: string): boolean {
  return flags[name] === true;
}

export function invalid(message: string): AppError {
  return new AppError('config.invalid', `${message} Try --help.`);
}
