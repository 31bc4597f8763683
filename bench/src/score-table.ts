import { SIFID_LAYERS } from '@singan/contracts';
import type { ScoreReport } from './score-pictures.ts';
import { table } from './table.ts';

/** A row for each picture, then those of mean, median and standard deviation; diversity and weights below. */
export function scoreTable(report: ScoreReport): string {
  const { sifid, copyScore, diversity, weights, version } = report;
  const columns = [
    ...SIFID_LAYERS.flatMap((layer) => (sifid ? [[`SIFID ${layer}`, sifid[layer]] as const] : [])),
    ...(copyScore ? [['copy score', copyScore] as const] : []),
  ];
  const row = (picture: string, read: (scores: (typeof columns)[number][1]) => number) => ({
    picture,
    ...Object.fromEntries(columns.map(([heading, scores]) => [heading, read(scores)])),
  });
  const rows = [
    ...report.pictures.map((name, at) => row(name, ({ values }) => values[at] ?? Number.NaN)),
    ...(['mean', 'median', 'std'] as const).map((part) => row(part, (scores) => scores[part])),
  ];
  const below = [
    ...(diversity === null ? [] : [`diversity ${diversity.toPrecision(4)}`]),
    `weights ${weights}, metrics of version ${version}`,
  ];
  return `${table(rows)}\n\n${below.join('\n')}\n`;
}
