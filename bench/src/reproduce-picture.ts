import { createHash } from 'node:crypto';
import type { TrainingConfig } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import type { Evaluator } from '@singan/evaluation';
import { planPyramid, workingSize } from '@singan/plan';
import { loadModel, resizeImage } from '@singan/singan';
import { type Picture, pixelsOf } from './picture-files.ts';
import { type PictureScores, scoreModel } from './reproduce-scores.ts';
import type { ReproduceStore } from './reproduce-store.ts';
import { trainInStore } from './reproduce-training.ts';
import { UsageError } from './usage-error.ts';

const PICTURE_FILE = 'picture.json';

export interface ReproducePictureOptions {
  readonly picture: Picture;
  readonly store: ReproduceStore;
  readonly config: TrainingConfig;
  readonly evaluator: Evaluator;
  readonly weights: string;
  readonly samples: number;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  readonly nowSeconds: () => number;
}

/** What came of one picture. */
export interface PictureResult extends PictureScores {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Seconds of training of each scale, coarsest first. */
  readonly scaleSeconds: readonly number[];
  /** Of training, drawing and scoring. */
  readonly wholeSeconds: number;
}

/**
 * Trains on a picture and scores what the model draws, as far as that is not done already.
 * @returns null when it was stopped
 * @throws UsageError when the folder belongs to a picture with other pixels
 */
export async function reproducePicture(o: ReproducePictureOptions): Promise<PictureResult | null> {
  const { picture, store, config, evaluator, weights, samples } = o;
  await requireSamePicture(picture, store);
  const image = await workingImage(picture, config);
  const plan = planPyramid(image, config);
  const training = await trainInStore({ ...o, image, plan });
  if (training === null) return null;
  const scores = await scoreModel({
    store,
    evaluator,
    weights,
    image,
    samples,
    gray: picture.gray,
    seed: config.seed,
    loadModel: () => loadModel({ config, plan, scales: training.scales }),
    nowSeconds: o.nowSeconds,
  });
  const { width, height } = image;
  const wholeSeconds = training.seconds.reduce((sum, seconds) => sum + seconds, scores.seconds);
  return { name: picture.name, width, height, ...scores, scaleSeconds: training.seconds, wholeSeconds };
}

async function workingImage(picture: Picture, config: TrainingConfig): Promise<RgbImage> {
  const image = await pixelsOf(picture);
  const size = workingSize(picture, config);
  return size.width === picture.width && size.height === picture.height ? image : resizeImage(image, size);
}

async function requireSamePicture({ name, png }: Picture, store: ReproduceStore): Promise<void> {
  const sha256 = createHash('sha256').update(png).digest('hex');
  const before = (await store.readJson(PICTURE_FILE)) as { sha256?: string } | null;
  if (before === null) return store.writeJson(PICTURE_FILE, { sha256 });
  if (before.sha256 === sha256) return;
  throw new UsageError(`${store.folder} belongs to another picture named ${name}: give another --out, or remove it`);
}
