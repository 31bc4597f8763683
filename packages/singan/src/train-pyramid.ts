import { AppError, assertNever } from '@singan/domain';
import { trainConcurrent } from './concurrent/train-concurrent.ts';
import { identityOf } from './fingerprint.ts';
import { GeneratorPyramid } from './generator-pyramid.ts';
import { readScaleFile } from './read-scale-file.ts';
import type { ScaleState } from './scale-state.ts';
import type { TrainPyramidOptions } from './train-pyramid-options.ts';
import { trainScale } from './train-scale.ts';
import type { TrainingEvent } from './training-event.ts';

/**
 * Trains what is missing of a pyramid by the scheme of its configuration, coarsest scale first, and tells of it. Lets the event loop run after every iteration.
 * On one engine, instruction set and thread count the bytes depend on image, config and plan alone, however often the
 * training was stopped and resumed. All tensors are disposed when the generator ends, also when it is left early.
 * @throws AppError `training.diverged`; `checkpoint.invalid` when a file is damaged or of another training
 */
export async function* trainPyramid(o: TrainPyramidOptions): AsyncGenerator<TrainingEvent, void> {
  requireImageOfPlan(o);
  switch (o.config.scheme) {
    case 'sequential':
      return yield* trainSequential(o);
    case 'concurrent':
      return yield* trainConcurrent(o);
    default:
      return assertNever(o.config.scheme);
  }
}

async function* trainSequential(o: TrainPyramidOptions): AsyncGenerator<TrainingEvent, void> {
  const identity = identityOf(o);
  const pyramid = new GeneratorPyramid();
  try {
    let before: ScaleState | null = null;
    for (const [scale, bytes] of o.finishedScales.entries()) {
      before = readScaleFile(bytes, { kind: 'scale', scale, identity, plan: o.plan });
      pyramid.add(before);
    }
    let bytes = o.checkpoint;
    while (pyramid.scaleCount < o.plan.levels.length) {
      const scale = pyramid.scaleCount;
      const checkpoint = bytes && readScaleFile(bytes, { kind: 'checkpoint', scale, identity, plan: o.plan });
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
