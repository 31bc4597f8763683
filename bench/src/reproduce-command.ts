import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { TrainingConfig } from '@singan/contracts';
import { AppError, type ErrorCode } from '@singan/domain';
import { startEngine } from '@singan/engine';
import { createEvaluator } from '@singan/evaluation';
import type { Command } from './command.ts';
import { listPictures, nameOf, readPicture } from './picture-files.ts';
import { readReproduceArguments } from './reproduce-arguments.ts';
import { type PictureResult, reproducePicture } from './reproduce-picture.ts';
import { meansOf, type ReproduceReport, reproduceMarkdown } from './reproduce-report.ts';
import { ReproduceStore } from './reproduce-store.ts';
import { readSifidWeights } from './sifid-weights.ts';
import { UsageError } from './usage-error.ts';
import { writeWhole } from './write-whole.ts';

const USAGE = `Usage: npm run bench -- reproduce --images DIR --preset NAME --out DIR [options]

Trains a model on each picture of a folder, draws samples from the coarsest scale and from the next one, scores them, and
writes a table (report.md, report.json) and, for each picture, a sheet of samples.

  --images DIR         pictures to train on
  --preset NAME        quick or paper
  --out DIR            all results; an interrupted run goes on there with the same command
  --max-size N         longer side of the training, px; default: the preset's
  --samples N          drawn from each of the two scales; default 50
  --set KEY=VALUE ...  any field of the training config, the value as JSON: --set iterations=500 'pyramid={"scaleCount":8}'
  --engine NAME        auto, native, wasm, cpu; default ENGINE, else auto

The seed is 1 unless set. SIFID_WEIGHTS names a file of weights; scoring alone is done anew when it or --samples changed.
Other settings need another --out.
`;

const SETTINGS_FILE = 'settings.json';

export const reproduceCommand: Command = {
  usage: USAGE,
  async run(args, environment) {
    const o = readReproduceArguments(args);
    if (o === null) return USAGE;
    const { signal, note } = environment;
    const files = await listPictures(o.images);
    requireDistinctNames(files);
    await mkdir(o.out, { recursive: true });
    await requireSameSettings(o.out, o.config);
    const weights = await readSifidWeights(environment.sifidWeights);
    const engine = await startEngine(o.engine ?? environment.engineChoice, environment.engine);
    const evaluator = createEvaluator(weights);
    const pictures: PictureResult[] = [];
    const failures: Array<{ name: string; reason: string }> = [];
    const common = { ...o, evaluator, weights: weights.name, signal, note, nowSeconds: () => performance.now() / 1000 };
    try {
      for (const file of files) {
        const store = await ReproduceStore.open(path.join(o.out, nameOf(file)));
        note(`${nameOf(file)} (${pictures.length + failures.length + 1} of ${files.length})`);
        const result = await orFailure(reproducePicture({ ...common, picture: await readPicture(file), store }));
        if (result === null) return `Interrupted: the same command goes on from here.\n`;
        if (result instanceof AppError) failures.push({ name: nameOf(file), reason: result.message });
        else pictures.push(result);
        const report = { config: o.config, engine, samples: o.samples, weights: weights.name, pictures, failures };
        await writeReport(o.out, { ...report, means: meansOf(pictures) });
      }
    } finally {
      evaluator.dispose();
    }
    return readFile(path.join(o.out, 'report.md'), 'utf8');
  },
};

/** A training that diverges, or a picture that cannot be trained on, does not end a run of many. */
async function orFailure<T>(result: Promise<T>): Promise<T | AppError> {
  try {
    return await result;
  } catch (error) {
    const codes: readonly ErrorCode[] = ['training.diverged', 'image.too_small', 'image.aspect_ratio', 'plan.invalid'];
    if (error instanceof AppError && codes.includes(error.code)) return error;
    throw error;
  }
}

async function writeReport(out: string, report: ReproduceReport): Promise<void> {
  await writeWhole(path.join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeWhole(path.join(out, 'report.md'), reproduceMarkdown(report));
}

/** Each picture has a folder of its name. */
function requireDistinctNames(files: readonly string[]): void {
  const names = files.map(nameOf);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new UsageError(`expected one picture named ${twice}, got several that differ in extension`);
}

/** Models of two configurations side by side in one table would be compared as if they were alike. */
async function requireSameSettings(out: string, config: TrainingConfig): Promise<void> {
  const file = path.join(out, SETTINGS_FILE);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return writeWhole(file, `${JSON.stringify(config, null, 2)}\n`);
  const before = JSON.parse(text) as Record<string, unknown>;
  const now = JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const differences = keys.filter((key) => !isDeepStrictEqual(before[key], now[key]));
  if (differences.length === 0) return;
  const list = differences.map((key) => `${key} ${JSON.stringify(before[key])}, now ${JSON.stringify(now[key])}`);
  throw new UsageError(`${out} was begun with other settings: ${list.join('; ')}. Give another --out, or remove it`);
}
