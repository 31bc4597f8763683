import { type EvaluationScores, SIFID_LAYERS, type TrainingConfig } from '@singan/contracts';
import type { EngineInfo } from '@singan/engine';
import { METRICS_VERSION } from '@singan/evaluation';
import type { PictureResult } from './reproduce-picture.ts';
import { START_SCALES } from './reproduce-scores.ts';

export interface ReproduceReport {
  readonly config: TrainingConfig;
  readonly engine: EngineInfo;
  readonly samples: number;
  readonly weights: string;
  readonly pictures: readonly PictureResult[];
  /** Pictures without a result. */
  readonly failures: ReadonlyArray<{ readonly name: string; readonly reason: string }>;
  /** Means over the pictures, by the headings of the table. */
  readonly means: Readonly<Record<string, number | null>>;
}

type ScoreColumn = readonly [heading: string, read: (set: EvaluationScores) => number | null];

const SCORES: readonly ScoreColumn[] = [
  ...SIFID_LAYERS.map((layer): ScoreColumn => [`SIFID ${layer}`, ({ sifid }) => sifid?.[layer].mean ?? null]),
  ['diversity', ({ diversity }) => diversity],
  ['copy score', ({ copyScore }) => copyScore?.mean ?? null],
];

/** Each score from each start scale: the mean over the samples. */
const COLUMNS = SCORES.flatMap(([heading, read]) =>
  START_SCALES.map((startScale, at) => ({
    heading: `${heading}, from ${startScale}`,
    read: ({ sets }: PictureResult) => {
      const set = sets[at];
      return set === undefined ? null : read(set);
    },
  })),
);

export function meansOf(pictures: readonly PictureResult[]): Record<string, number | null> {
  const columns = [...COLUMNS, { heading: 'seconds', read: (one: PictureResult) => one.wholeSeconds }];
  return Object.fromEntries(
    columns.map(({ heading, read }) => {
      const values = pictures.map(read).filter((value) => value !== null);
      return [heading, values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}

/** The report as Markdown. */
export function reproduceMarkdown(report: ReproduceReport): string {
  const { config, engine, samples, weights, pictures, failures } = report;
  return [
    '# Reproduction',
    `${samples} samples of each picture from scale 0, the coarsest, and from scale 1. SIFID with the weights ${weights}, metrics of version ${METRICS_VERSION}; engine ${engine.engine} (${engine.isa}, ${engine.threads} threads, ${engine.device}). Seconds are of training, drawing and scoring.`,
    scoresTable(report),
    ...failures.map(({ name, reason }) => `No result for ${name}: ${reason}`),
    '## Seconds of training per scale',
    secondsTable(pictures),
    '## Configuration',
    `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\`\n`,
  ].join('\n\n');
}

function scoresTable({ pictures, means }: ReproduceReport): string {
  const headings = ['picture', 'size', ...COLUMNS.map(({ heading }) => heading), 'seconds'];
  const rows = pictures.map((one) => [
    `[${one.name}](${encodeURIComponent(one.name)}/samples.png)`,
    `${one.width}x${one.height}`,
    ...COLUMNS.map(({ read }) => show(read(one))),
    one.wholeSeconds.toFixed(0),
  ]);
  const mean = [
    'mean',
    '',
    ...COLUMNS.map(({ heading }) => show(means[heading] ?? null)),
    (means.seconds ?? 0).toFixed(0),
  ];
  return markdownTable(headings, [...rows, mean]);
}

function secondsTable(pictures: readonly PictureResult[]): string {
  const scales = Math.max(0, ...pictures.map(({ scaleSeconds }) => scaleSeconds.length));
  const rows = pictures.map(({ name, scaleSeconds }) => [
    name,
    ...Array.from({ length: scales }, (_, at) => scaleSeconds[at]?.toFixed(1) ?? ''),
  ]);
  return markdownTable(['picture', ...Array.from({ length: scales }, (_, at) => `${at}`)], rows);
}

function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

function show(value: number | null): string {
  return value === null ? '-' : value.toPrecision(3);
}
