import { setImmediate as nextTurn } from 'node:timers/promises';
import { EVALUATION_METRICS, type EvaluationMetric, type EvaluationScores, SIFID_LAYERS } from '@singan/contracts';
import { AppError, type RgbImage } from '@singan/domain';
import { hasSifid, SMALLEST_SIFID_SIZE } from '@singan/plan';
import { type CopyScorer, copyScorer } from './copy-score.ts';
import { type DiversityMeter, diversityMeter } from './diversity.ts';
import type { InceptionWeights } from './inception-layers.ts';
import { InceptionNet } from './inception-net.ts';
import { sampleScores } from './sample-scores.ts';
import { byLayer, type Sifid, type SifidReference, sifid, sifidReference } from './sifid.ts';

/** Of all definitions in this package together: raise it when one changes its numbers. */
export const METRICS_VERSION = 1;

export interface Evaluator {
  /**
   * Scores samples against the picture that their model was trained on. Samples are taken one at a time, and the event loop runs between them.
   * @param samples of the size of the picture where diversity or copy score is asked for; of any size for SIFID
   * @param metrics all when absent; the others are null in the answer
   * @throws AppError `evaluation.image_too_small` where SIFID is asked for a picture too small for a layer; `internal` for no sample, and for one of another size
   */
  score(
    real: RgbImage,
    samples: AsyncIterable<RgbImage> | Iterable<RgbImage>,
    metrics?: readonly EvaluationMetric[],
  ): Promise<EvaluationScores>;
  /** SIFID of two pictures, of any sizes; null at a layer for which one is too small. */
  sifid(real: RgbImage, image: RgbImage): Sifid;
  /** Frees the tensors of the weights. */
  dispose(): void;
}

/** An evaluator on the TF.js engine of the process, which must have been started. The caller disposes it. */
export function createEvaluator(weights: InceptionWeights): Evaluator {
  const net = new InceptionNet(weights);
  return {
    async score(real, samples, metrics = EVALUATION_METRICS) {
      const scorer = new SetScorer(net, real, metrics);
      for await (const sample of samples) {
        scorer.add(sample);
        await nextTurn();
      }
      const { name, inputRange } = weights;
      return { version: METRICS_VERSION, weights: name, inputRange: [...inputRange], ...scorer.result() };
    },
    sifid: (real, image) => sifid(net, sifidReference(net, real), image),
    dispose: () => net.dispose(),
  };
}

/** Scores of one set of samples, collected one at a time. */
class SetScorer {
  readonly #net: InceptionNet;
  readonly #real: RgbImage;
  readonly #reference: SifidReference | null;
  readonly #diversity: DiversityMeter | null;
  readonly #scoreCopy: CopyScorer | null;
  readonly #sifids: Sifid[] = [];
  readonly #copyScores: number[] = [];
  #samples = 0;

  constructor(net: InceptionNet, real: RgbImage, metrics: readonly EvaluationMetric[]) {
    this.#net = net;
    this.#real = real;
    if (metrics.includes('sifid')) requireSifid(real);
    this.#reference = metrics.includes('sifid') ? sifidReference(net, real) : null;
    this.#diversity = metrics.includes('diversity') ? diversityMeter(real) : null;
    this.#scoreCopy = metrics.includes('copyScore') ? copyScorer(real) : null;
  }

  add(sample: RgbImage): void {
    this.#samples += 1;
    if (this.#reference) {
      requireSifid(sample);
      this.#sifids.push(sifid(this.#net, this.#reference, sample));
    }
    if (!this.#diversity && !this.#scoreCopy) return;
    requireSameSize(this.#real, sample);
    this.#diversity?.add(sample);
    if (this.#scoreCopy) this.#copyScores.push(this.#scoreCopy(sample));
  }

  result(): Pick<EvaluationScores, 'sifid' | 'diversity' | 'copyScore' | 'samples'> {
    if (this.#samples === 0) throw new AppError('internal', 'expected samples to score, got none');
    return {
      sifid: this.#reference && byLayer((layer) => sampleScores(this.#sifids.map((one) => one[layer] ?? Number.NaN))),
      diversity: this.#diversity?.result() ?? null,
      copyScore: this.#scoreCopy && sampleScores(this.#copyScores),
      samples: this.#samples,
    };
  }
}

function requireSifid(image: RgbImage): void {
  for (const layer of SIFID_LAYERS) {
    if (hasSifid(image, layer)) continue;
    const { shorter, longer } = SMALLEST_SIFID_SIZE[layer];
    throw new AppError(
      'evaluation.image_too_small',
      `SIFID at ${layer} needs pictures of ${longer}x${shorter} px or more, got ${image.width}x${image.height}: ` +
        'a single location of features has no covariance',
    );
  }
}

function requireSameSize(real: RgbImage, { width, height }: RgbImage): void {
  if (real.width === width && real.height === height) return;
  throw new AppError(
    'internal',
    `diversity and copy score compare pictures of one size: expected ${real.width}x${real.height}, got ${width}x${height}`,
  );
}
