import { parseArgs } from 'node:util';
import { NORMALIZATIONS, type Normalization } from '@singan/contracts';
import type { EngineChoice, EngineOptions } from '@singan/engine';
import { readCount } from './read-count.ts';
import { UsageError } from './usage-error.ts';

export interface BenchArguments {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly iterations: number;
  readonly engine: EngineChoice;
  /** Of the hidden layers of both nets, in training. */
  readonly normalization: Normalization;
  /** Also the time by kernel. */
  readonly isProfiled: boolean;
  readonly isJson: boolean;
  /** False: the size is the benchmark's default. */
  readonly isSizeGiven: boolean;
}

/** What the machine's environment says. */
export interface BenchEnvironment {
  readonly engine: EngineOptions;
  /** A python that has torch. */
  readonly peerPython: string;
}

const OPTIONS = {
  size: { type: 'string' },
  channels: { type: 'string' },
  iterations: { type: 'string' },
  engine: { type: 'string' },
  normalization: { type: 'string' },
  profile: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export interface BenchDefaults {
  readonly size: string;
  readonly channels: number;
  readonly iterations: number;
  readonly engine: EngineChoice;
}

/**
 * Reads the flags of a benchmark.
 * @returns null when help was asked for
 * @throws UsageError that names the flag, what was expected and what was got
 */
export function readBenchArguments(args: readonly string[], defaults: BenchDefaults): BenchArguments | null {
  const values = parse(args);
  if (values.help) return null;
  const [height, width] = readSize(values.size ?? defaults.size);
  return {
    height,
    width,
    channels: readCount('channels', values.channels, { fallback: defaults.channels, max: 1024 }),
    iterations: readCount('iterations', values.iterations, { fallback: defaults.iterations, max: 100_000 }),
    engine: (values.engine as EngineChoice | undefined) ?? defaults.engine,
    normalization: readNormalization(values.normalization ?? 'batch'),
    isProfiled: values.profile,
    isJson: values.json,
    isSizeGiven: values.size !== undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readSize(text: string): [number, number] {
  const [height = 0, width = 0] = (/^(\d{1,5})x(\d{1,5})$/.exec(text)?.slice(1) ?? []).map(Number);
  if (height < 11 || width < 11)
    throw new UsageError(`--size: expected HEIGHTxWIDTH of at least 11x11, such as 60x80, got "${text}"`);
  return [height, width];
}

function readNormalization(text: string): Normalization {
  const normalization = NORMALIZATIONS.find((one) => one === text);
  if (normalization) return normalization;
  throw new UsageError(`--normalization: expected one of ${NORMALIZATIONS.join(', ')}, got "${text}"`);
}
