import { parseArgs } from 'node:util';
import { type TrainingConfig, trainingConfigInputSchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { EngineChoice } from '@singan/engine';
import { resolveTrainingConfig } from '@singan/plan';
import { z } from 'zod';
import { readCount } from './read-count.ts';
import { UsageError } from './usage-error.ts';

export interface ReproduceArguments {
  readonly images: string;
  readonly out: string;
  readonly config: TrainingConfig;
  /** Drawn from each start scale. */
  readonly samples: number;
  readonly engine: EngineChoice | undefined;
}

/** The same command shall give the same numbers: where no seed is set it is this one. */
const SEED = 1;
const MAX_SAMPLES = 1000;

/**
 * Reads the flags of `reproduce`.
 * @returns null when help was asked for
 * @throws UsageError that names the flag, what was expected and what was got
 */
export function readReproduceArguments(args: readonly string[]): ReproduceArguments | null {
  const { images, preset, out, samples, set, engine, help, 'max-size': maxSize } = parse(args);
  if (help) return null;
  if (images === undefined || preset === undefined || out === undefined) {
    throw new UsageError('expected --images DIR, --preset NAME and --out DIR');
  }
  const input = {
    preset,
    ...(maxSize === undefined ? {} : { maxSize: readCount('max-size', maxSize, { fallback: 0, max: 1024 }) }),
    ...Object.fromEntries(set.map(readSetting)),
  };
  return {
    images,
    out,
    config: readConfig(input),
    samples: readCount('samples', samples, { fallback: 50, max: MAX_SAMPLES }),
    engine: engine as EngineChoice | undefined,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    images: text,
    preset: text,
    out: text,
    samples: text,
    engine: text,
    'max-size': text,
    set: { type: 'string', multiple: true, default: [] as string[] },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
    // `--set a=1 b=2` as well as `--set a=1 --set b=2`.
    if (positionals.length > 0 && values.set.length === 0) throw new Error(`Unexpected argument '${positionals[0]}'`);
    return { ...values, set: [...values.set, ...positionals] };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `key=value`, the value as JSON; what is no JSON is text. */
function readSetting(setting: string): [string, unknown] {
  const [, key, text = ''] = /^(\w+)=(.+)$/s.exec(setting) ?? [];
  if (key === undefined) throw new UsageError(`--set: expected key=value such as iterations=500, got "${setting}"`);
  try {
    return [key, JSON.parse(text)];
  } catch {
    return [key, text];
  }
}

function readConfig(input: unknown): TrainingConfig {
  const parsed = trainingConfigInputSchema.safeParse(input);
  if (!parsed.success) throw new UsageError(`the training config is not valid:\n${z.prettifyError(parsed.error)}`);
  try {
    return resolveTrainingConfig(parsed.data, () => SEED);
  } catch (error) {
    if (error instanceof AppError) throw new UsageError(error.message);
    throw error;
  }
}
