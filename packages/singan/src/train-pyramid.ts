import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import { AppError, type RgbImage } from '@singan/domain';
import { hashConfig, hashImage } from './fingerprint.ts';
import { GeneratorPyramid } from './generator-pyramid.ts';
import { readTrainingFile } from './read-training-file.ts';
import type { ScaleState } from './scale-state.ts';
import { trainScale } from './train-scale.ts';
import type { TrainingControl, TrainingEvent } from './training-event.ts';

export interface TrainPyramidOptions {
  /** The working image: of the size of the plan's finest level. */
  readonly image: RgbImage;
  readonly config: TrainingConfig;
  readonly plan: PyramidPlan;
  /** Scale files of the scales 0 to n - 1, coarsest first. */
  readonly finishedScales: readonly Uint8Array[];
  /** Training checkpoint of scale n, if any. */
  readonly checkpoint: Uint8Array | null;
  readonly control: TrainingControl;
}

/**
 * Trains what is missing of a pyramid, coarsest scale first, and tells of it. Lets the event loop run after every iteration.
 * On one engine, instruction set and thread count the bytes depend on image, config and plan alone, however often the
 * training was stopped and resumed. All tensors are disposed when the generator ends, also when it is left early.
 * @throws AppError `training.diverged`; `checkpoint.invalid` when a file is damaged or of another training
 */
export async function* trainPyramid(o: TrainPyramidOptions): AsyncGenerator<TrainingEvent, void> {
  requireImageOfPlan(o);
  const identity = { configHash: hashConfig(o.config), imageHash: hashImage(o.image) };
  const pyramid = new GeneratorPyramid();
  try {
    let before: ScaleState | null = null;
    for (const [scale, bytes] of o.finishedScales.entries()) {
      before = readTrainingFile(bytes, { kind: 'scale', scale, identity, plan: o.plan });
      pyramid.add(before);
    }
    let bytes = o.checkpoint;
    while (pyramid.scaleCount < o.plan.levels.length) {
      const scale = pyramid.scaleCount;
      const checkpoint = bytes && readTrainingFile(bytes, { kind: 'checkpoint', scale, identity, plan: o.plan });
      before = yield* trainScale({ ...o, scale, identity, pyramid, before, checkpoint });
      if (!before) return;
      bytes = null;
    }
  } finally {
    pyramid.dispose();
  }
}

export function requireImageOfPlan({ image, plan }: Pick<TrainPyramidOptions, 'image' | 'plan'>): void {
  const finest = plan.levels.at(-1);
  if (finest?.width === image.width && finest.height === image.height) return;
  const expected = `${finest?.width}x${finest?.height}`;
  throw new AppError(
    'internal',
    `expected the working image ${expected} of the plan, got ${image.width}x${image.height}`,
  );
}
