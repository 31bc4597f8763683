import { AppError } from '@singan/domain';
import { identityOf } from './fingerprint.ts';
import { fitPalette } from './fit-palette.ts';
import { GeneratorPyramid } from './generator-pyramid.ts';
import { resizeImage } from './image-tensor.ts';
import type { TrainingIdentity } from './level-state.ts';
import type { NamedArray } from './named-arrays.ts';
import { paletteArray } from './palette.ts';
import { readScaleFile } from './read-scale-file.ts';
import type { ScaleState } from './scale-state.ts';
import { requireImageOfPlan } from './train-pyramid.ts';
import type { TrainPyramidOptions } from './train-pyramid-options.ts';
import { trainScale } from './train-scale.ts';
import type { TrainingEvent } from './training-event.ts';

/** The options of the training, and which scale to train again. */
export interface RetrainScaleOptions extends Omit<TrainPyramidOptions, 'finishedScales' | 'checkpoint'> {
  /** Scale files of the model, coarsest first, at least up to `scale`. */
  readonly scales: readonly Uint8Array[];
  /** 1 to S - 1: where pictures are to be put in. */
  readonly scale: number;
  /** Of the palette, >= 1; the paper uses 5. */
  readonly colours: number;
  /** Checkpoint of this retraining, if any. */
  readonly checkpoint: Uint8Array | null;
}

/**
 * Trains one scale again on quantised inputs, for paintings of a few flat colours: a palette is fitted to x_k, and the image of the
 * scale before, random or reconstructed, is reduced to it before it enters G_k. Goes on from the trained nets, with a new optimiser,
 * the same sigma_k, and as many iterations as the scale had. Events, checkpoints, resuming and determinism as in `trainPyramid`.
 * The file of `scale-finished` is a variant of the scale, with its palette in it, for `loadModel`; the scale itself stays as it is.
 * @throws AppError `model.wrong_purpose` for a model of the concurrent scheme; `sample.start_scale` for a scale that cannot be trained so; `training.diverged`; `checkpoint.invalid`
 */
export async function* retrainScale(o: RetrainScaleOptions): AsyncGenerator<TrainingEvent, void> {
  requireSequential(o.config);
  requireImageOfPlan(o);
  requireScale(o);
  const identity = identityOf(o);
  const states = o.scales
    .slice(0, o.scale + 1)
    .map((bytes, scale) => readScaleFile(bytes, { kind: 'scale', scale, identity, plan: o.plan }));
  const checkpoint = readCheckpoint(o, identity);
  // For this training it is the last scale.
  const plan = { ...o.plan, levels: o.plan.levels.slice(0, o.scale + 1) };
  const pyramid = new GeneratorPyramid();
  try {
    for (const state of states.slice(0, -1)) pyramid.add(state);
    const trained = states.at(-1) as ScaleState;
    const variant = checkpoint ? {} : { variant: { trained, palette: fitScalePalette(o, trained) } };
    yield* trainScale({ ...o, ...variant, plan, identity, pyramid, before: null, checkpoint });
  } finally {
    pyramid.dispose();
  }
}

/** A stage takes features, which have no colours that a palette could stand for. */
function requireSequential({ scheme }: RetrainScaleOptions['config']): void {
  if (scheme === 'sequential') return;
  throw new AppError(
    'model.wrong_purpose',
    `Retraining on quantised inputs needs the sequential scheme, this model was trained with scheme ${scheme}. Train one with config {"scheme": "sequential"}, or leave quantize out.`,
  );
}

function requireScale({ scale, scales }: RetrainScaleOptions): void {
  if (Number.isInteger(scale) && scale >= 1 && scale < scales.length) return;
  const detail = `expected 1 to ${scales.length - 1} (the finest of the ${scales.length} trained scales), got ${scale}`;
  throw new AppError('sample.start_scale', `startScale: ${detail}.`, { errors: [{ pointer: '/startScale', detail }] });
}

function readCheckpoint(o: RetrainScaleOptions, identity: TrainingIdentity): ScaleState | null {
  const { scale, plan, colours } = o;
  if (!o.checkpoint) return null;
  const state = readScaleFile(o.checkpoint, { kind: 'checkpoint', scale, identity, plan, isVariant: true });
  if (state.colours === colours) return state;
  throw new AppError('checkpoint.invalid', `checkpoint file: expected ${colours} colours, got ${state.colours}`);
}

function fitScalePalette({ image, config, colours }: RetrainScaleOptions, { width, height }: ScaleState): NamedArray {
  const real = resizeImage(image, { width, height });
  return paletteArray(fitPalette(real, { colours, seed: config.seed }));
}
