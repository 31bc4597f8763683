import type { PlanLevel } from '@singan/contracts';
import type { GeneratorPyramid } from './generator-pyramid.ts';
import { startArrays } from './initial-weights.ts';
import type { NamedArray } from './named-arrays.ts';
import { encodeScaleState, PALETTE, type ScaleState } from './scale-state.ts';
import { ScaleTrainer, type ScaleTrainerOptions } from './scale-trainer.ts';
import { type LevelScheme, type TrainLevelOptions, trainLevel } from './train-level.ts';
import type { TrainingEvent } from './training-event.ts';

export interface TrainScaleOptions extends TrainLevelOptions {
  /** The scales before this one; the finished scale is added. */
  readonly pyramid: GeneratorPyramid;
  readonly before: ScaleState | null;
  readonly checkpoint: ScaleState | null;
  /** A trained scale to go on from in place of fresh nets, and the palette that its inputs are to be quantised to. */
  readonly variant?: { readonly trained: ScaleState; readonly palette: NamedArray };
}

/**
 * Trains one scale of a pyramid to its end, or until a stop is requested.
 * @returns the finished scale; null when the training is to end here
 */
export function trainScale(o: TrainScaleOptions): AsyncGenerator<TrainingEvent, ScaleState | null> {
  const { config, scale, pyramid } = o;
  const scheme: LevelScheme<ScaleTrainer, ScaleState> = {
    createTrainer: (level, real) =>
      new ScaleTrainer({ config, scale, level, real, coarser: pyramid, ...startOf(o, level) }),
    stateOf: (kind, trainer, { width, height, channels }) => {
      const { iteration, noiseAmplitude } = trainer;
      const moments = kind === 'checkpoint' ? trainer.readMoments() : [];
      const arrays = new Map([...trainer.readArrays(), ...moments]);
      const { padding, normalization, activation, loss } = config;
      const style = { padding, normalization, activation, loss };
      const facts = { scale, iteration, width, height, channels, noiseAmplitude, ...style };
      return { kind, ...o.identity, ...facts, colours: arrays.get(PALETTE)?.shape[0] ?? 0, arrays };
    },
    encode: encodeScaleState,
    withModel: (state, use) => {
      pyramid.add(state);
      return use(pyramid);
    },
  };
  return trainLevel(o, scheme);
}

function startOf(o: TrainScaleOptions, level: PlanLevel): Pick<ScaleTrainerOptions, 'arrays' | 'resume'> {
  const { checkpoint, variant } = o;
  if (checkpoint) return { arrays: checkpoint.arrays, resume: { ...checkpoint, moments: checkpoint.arrays } };
  if (!variant) return { arrays: startArrays({ ...o.config, ...o, level }), resume: null };
  const { trained, palette } = variant;
  // sigma stays what it was: how much detail the scale adds to an image that was not quantised.
  const resume = { iteration: 0, noiseAmplitude: trained.noiseAmplitude, moments: null };
  return { arrays: new Map([...trained.arrays, [PALETTE, palette]]), resume };
}
