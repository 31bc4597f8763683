import { EVALUATION_METRICS, type EvaluationMetric, type EvaluationScores, SIFID_LAYERS } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { type Evaluator, sampleScores } from '@singan/evaluation';
import { type Picture, pixelsOf } from './picture-files.ts';

/** Scores of pictures, with the names of their files in the order of every `values`. */
export interface ScoreReport extends EvaluationScores {
  readonly pictures: readonly string[];
  /** Sentences about what could not be measured. */
  readonly leftOut: readonly string[];
}

/** Scores all samples of one picture. */
export async function scoreSamples(
  evaluator: Evaluator,
  real: Picture,
  samples: readonly Picture[],
): Promise<ScoreReport> {
  const others = samples.filter((sample) => !isSameSize(real, sample));
  const leftOut = others.slice(0, 1).map((one) => leftOutFor(real, one, 'Diversity and copy score are'));
  const metrics: readonly EvaluationMetric[] = others.length > 0 ? ['sifid'] : EVALUATION_METRICS;
  const scores = await evaluator.score(await pixelsOf(real), decoded(samples), metrics);
  return { ...scores, pictures: samples.map(({ name }) => name), leftOut };
}

/** Scores one sample for each of several pictures; there is no diversity among those. */
export async function scorePairs(
  evaluator: Evaluator,
  pairs: ReadonlyArray<readonly [real: Picture, sample: Picture]>,
): Promise<ScoreReport> {
  const other = pairs.find(([real, sample]) => !isSameSize(real, sample));
  const metrics: readonly EvaluationMetric[] = other ? ['sifid'] : ['sifid', 'copyScore'];
  const all: EvaluationScores[] = [];
  for (const [real, sample] of pairs) {
    all.push(await evaluator.score(await pixelsOf(real), [await pixelsOf(sample)], metrics));
  }
  const [first] = all as [EvaluationScores];
  const sifid = SIFID_LAYERS.map((layer) => [
    layer,
    sampleScores(all.flatMap((one) => one.sifid?.[layer].values ?? [])),
  ]);
  return {
    ...first,
    sifid: Object.fromEntries(sifid),
    copyScore: other ? null : sampleScores(all.flatMap(({ copyScore }) => copyScore?.values ?? [])),
    samples: pairs.length,
    pictures: pairs.map(([{ name }]) => name),
    leftOut: other ? [leftOutFor(...other, 'The copy score is')] : [],
  };
}

async function* decoded(pictures: readonly Picture[]): AsyncGenerator<RgbImage, void> {
  for (const picture of pictures) yield await pixelsOf(picture);
}

function isSameSize(a: Picture, b: Picture): boolean {
  return a.width === b.width && a.height === b.height;
}

function leftOutFor(real: Picture, sample: Picture, what: string): string {
  return `${what} left out: expected samples of ${real.width}x${real.height} px as the picture ${real.name} has, but ${sample.name} has ${sample.width}x${sample.height}.`;
}
