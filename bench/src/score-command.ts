import { parseArgs } from 'node:util';
import { SIFID_LAYERS } from '@singan/contracts';
import { startEngine } from '@singan/engine';
import { createEvaluator } from '@singan/evaluation';
import { hasSifid, SMALLEST_SIFID_SIZE } from '@singan/plan';
import type { Command } from './command.ts';
import { listPictures, nameOf, type Picture, readPicture } from './picture-files.ts';
import { type ScoreReport, scorePairs, scoreSamples } from './score-pictures.ts';
import { scoreTable } from './score-table.ts';
import { readSifidWeights } from './sifid-weights.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `Usage: npm run bench -- score --real FILE --samples DIR [--engine NAME] [--json]
       npm run bench -- score --pairs DIR_REAL DIR_SAMPLES [--engine NAME] [--json]

Scores pictures, whoever made them: SIFID at two layers and copy score of each, diversity of all.

  --real FILE --samples DIR     every picture of DIR is a sample of a model of FILE
  --pairs DIR_REAL DIR_SAMPLES  files of one name, whatever their extension, belong together: a picture and a sample of it
  --engine NAME                 auto, native, wasm, cpu; default ENGINE, else auto
  --json                        one JSON object instead of a table

SIFID takes pictures of any two sizes; what needs samples of the size of the picture is left out where they have another.
SIFID_WEIGHTS names a file of weights (docs/evaluation.md); scores made with different weights cannot be compared.
`;

type Task =
  | { readonly kind: 'samples'; readonly real: string; readonly samples: string }
  | { readonly kind: 'pairs'; readonly reals: string; readonly samples: string };

export const scoreCommand: Command = {
  usage: USAGE,
  async run(args, { engine, engineChoice, sifidWeights, note }) {
    const o = readArguments(args);
    if (o === null) return USAGE;
    const weights = await readSifidWeights(sifidWeights);
    const pictures = await readPictures(o.task);
    await startEngine(o.engine ?? engineChoice, engine);
    const evaluator = createEvaluator(weights);
    try {
      const report: ScoreReport =
        pictures.kind === 'samples'
          ? await scoreSamples(evaluator, pictures.real, pictures.samples)
          : await scorePairs(evaluator, pictures.pairs);
      for (const line of report.leftOut) note(line);
      return o.isJson ? `${JSON.stringify(report)}\n` : scoreTable(report);
    } finally {
      evaluator.dispose();
    }
  },
};

function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  return { task: readTask(values, positionals), engine: values.engine, isJson: values.json };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { real: text, samples: text, pairs: text, engine: text, json: flag, help: flag };
  try {
    const parsed = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
    return { ...parsed, values: { ...parsed.values, engine: parsed.values.engine as 'auto' | undefined } };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readTask(o: { real?: string; samples?: string; pairs?: string }, positionals: readonly string[]): Task {
  const [samples, ...rest] = positionals;
  const isPairs = o.pairs !== undefined && samples !== undefined && rest.length === 0;
  if (isPairs && o.real === undefined && o.samples === undefined) {
    return { kind: 'pairs', reals: o.pairs ?? '', samples };
  }
  if (o.real !== undefined && o.samples !== undefined && o.pairs === undefined && positionals.length === 0) {
    return { kind: 'samples', real: o.real, samples: o.samples };
  }
  throw new UsageError('expected either --real FILE --samples DIR or --pairs DIR_REAL DIR_SAMPLES');
}

async function readPictures(task: Task) {
  if (task.kind === 'samples') {
    const real = requireScorable(await readPicture(task.real));
    return { kind: task.kind, real, samples: await readAll(await listPictures(task.samples)) };
  }
  const [reals, samples] = [await listPictures(task.reals), await listPictures(task.samples)];
  const pairs = await Promise.all(
    reals.map(async (file) => {
      const [match, ...others] = samples.filter((sample) => nameOf(sample) === nameOf(file));
      if (match === undefined)
        throw new UsageError(`expected a sample named ${nameOf(file)} in ${task.samples}, got none`);
      if (others.length > 0)
        throw new UsageError(`expected one sample named ${nameOf(file)}, got ${others.length + 1}`);
      return [file, match] as const;
    }),
  );
  const read: Array<readonly [Picture, Picture]> = [];
  for (const [real, sample] of pairs) {
    read.push([requireScorable(await readPicture(real)), requireScorable(await readPicture(sample))]);
  }
  return { kind: task.kind, pairs: read };
}

async function readAll(files: readonly string[]): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const file of files) pictures.push(requireScorable(await readPicture(file)));
  return pictures;
}

function requireScorable(picture: Picture): Picture {
  const layer = SIFID_LAYERS.find((one) => !hasSifid(picture, one));
  if (layer === undefined) return picture;
  const { shorter, longer } = SMALLEST_SIFID_SIZE[layer];
  throw new UsageError(
    `${picture.name}: SIFID at ${layer} needs ${longer}x${shorter} px or more, got ${picture.width}x${picture.height}`,
  );
}
