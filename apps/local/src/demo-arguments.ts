import { ENGINE_CHOICES } from '@singan/config';
import { MAX_SEED, PRESETS, type Preset, type TrainingConfigInput, trainingConfigInputSchema } from '@singan/contracts';
import { z } from 'zod';
import { invalid, isSet, readChoice, readFlags, readInteger, readText } from './arguments.ts';
import { DEMO_TASKS, type DemoTaskName } from './demo/task-names.ts';

export const DEMO_HELP = `npm run demo [-- options]

Trains a model on one picture, has it do a task and writes everything into a folder. Brings up the whole service for
that, on free ports and with temporary data, and stops it at the end.

  --task NAME      ${DEMO_TASKS.join(', ')} (default sample: six new pictures)
  --image FILE     picture to train on (default: a bundled drawing)
  --input FILE     the painting, composite, edited picture or ground truth of the task (default: one that goes with
                   the bundled drawing)
  --mask FILE      beside the input of harmonize and edit: white where it was changed
  --request JSON   fields of the task's request that override the demo's, such as '{"startScale":"all"}'
  --preset NAME    quick (two minutes), fast (some six) or paper (hours on a CPU) (default quick)
  --config JSON    settings that override the preset's, such as '{"maxSize":64,"iterations":50}'
  --out DIR        folder to write into (default ./demo-output-<time>)
  --engine NAME    ${ENGINE_CHOICES.join(', ')} (default auto)
  --seed N         seed of training and samples, 0 to ${MAX_SEED} (default: drawn)
  --json           print the summary as the last line on stdout; progress then goes to stderr
  --help           this text
`;

export interface DemoOptions {
  readonly kind: 'demo';
  readonly task: DemoTaskName;
  readonly image: string | null;
  readonly input: string | null;
  readonly mask: string | null;
  readonly request: Record<string, unknown>;
  readonly preset: Preset;
  readonly config: TrainingConfigInput;
  /** Null: named after the time. */
  readonly out: string | null;
  readonly engine: string | null;
  readonly seed: number | null;
  readonly isJson: boolean;
}

export type DemoArguments = { readonly kind: 'help' } | DemoOptions;

export function parseDemoArguments(args: readonly string[]): DemoArguments {
  const text = { type: 'string' } as const;
  const flags = readFlags(args, {
    task: text,
    image: text,
    input: text,
    mask: text,
    request: text,
    preset: text,
    config: text,
    out: text,
    engine: text,
    seed: text,
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (isSet(flags, 'help')) return { kind: 'help' };
  return {
    kind: 'demo',
    task: readChoice(flags, 'task', DEMO_TASKS) ?? 'sample',
    image: readText(flags, 'image'),
    input: readText(flags, 'input'),
    mask: readText(flags, 'mask'),
    request: parseJson('request', readText(flags, 'request') ?? '{}', z.record(z.string(), z.unknown())),
    preset: readChoice(flags, 'preset', PRESETS) ?? 'quick',
    config: parseJson('config', readText(flags, 'config') ?? '{}', trainingConfigInputSchema),
    out: readText(flags, 'out'),
    engine: readChoice(flags, 'engine', ENGINE_CHOICES),
    seed: readInteger(flags, 'seed', { min: 0, max: MAX_SEED }),
    isJson: isSet(flags, 'json'),
  };
}

function parseJson<T>(name: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(`--${name}: expected JSON, got "${text}".`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(`--${name}: ${z.prettifyError(result.error)}`);
}
