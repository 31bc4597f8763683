import type { PlanLevel } from '@singan/contracts';
import { resizeImage } from '../image-tensor.ts';
import { IMAGE_CHANNELS } from '../net-layout.ts';
import { RECONSTRUCTION_NOISE } from '../scale-state.ts';
import { type LevelScheme, type TrainLevelOptions, trainLevel } from '../train-level.ts';
import type { TrainingEvent } from '../training-event.ts';
import { ConcurrentModel } from './concurrent-model.ts';
import { concurrentSettings } from './concurrent-settings.ts';
import { encodeStageState, type StageState } from './stage-state.ts';
import { StageTrainer, type StageTrainerOptions } from './stage-trainer.ts';
import { stageStartArrays } from './start-arrays.ts';

export interface TrainStageOptions extends TrainLevelOptions {
  /** The finished stage before this one. */
  readonly before: StageState | null;
  readonly checkpoint: StageState | null;
}

/**
 * Trains one stage of a growing generator to its end, or until a stop is requested.
 * @returns the finished stage; null when the training is to end here
 */
export function trainStage(o: TrainStageOptions): AsyncGenerator<TrainingEvent, StageState | null> {
  const { config, plan, scale: stage, before } = o;
  const { normalization, concurrentStages } = concurrentSettings(config);
  const levels = plan.levels.slice(0, stage + 1);
  const scheme: LevelScheme<StageTrainer, StageState> = {
    createTrainer: (level, real) => {
      const coarserAmplitudes = before?.noiseAmplitudes ?? [];
      return new StageTrainer({ config, levels, real, coarserAmplitudes, ...startOf(o, level) });
    },
    stateOf: (kind, trainer, { width, height, channels }) => {
      const { iteration, noiseAmplitudes } = trainer;
      const moments = kind === 'checkpoint' ? trainer.readMoments() : [];
      const arrays = new Map([...trainer.readArrays(), ...moments]);
      const facts = { stage, iteration, width, height, channels, normalization, concurrentStages };
      return { kind, ...o.identity, ...facts, noiseAmplitudes, arrays };
    },
    encode: encodeStageState,
    withModel: (state, use) => {
      const model = new ConcurrentModel({ state, seed: config.seed, sizes: levels });
      try {
        return use(model);
      } finally {
        model.dispose();
      }
    },
  };
  return trainLevel(o, scheme);
}

function startOf(o: TrainStageOptions, level: PlanLevel): Pick<StageTrainerOptions, 'arrays' | 'resume'> {
  const { checkpoint, before, config } = o;
  if (checkpoint) {
    const { arrays, iteration, noiseAmplitudes } = checkpoint;
    return { arrays, resume: { iteration, noiseAmplitude: noiseAmplitudes.at(-1) as number, moments: arrays } };
  }
  const { normalization } = concurrentSettings(config);
  const arrays = stageStartArrays({ seed: config.seed, channels: level.channels, before, normalization });
  if (before) return { arrays, resume: null };
  // The picture in the size of stage 0 is the noise of the reconstruction from there on.
  const { width, height, data } = resizeImage(o.image, level);
  const picture = { shape: [1, height, width, IMAGE_CHANNELS], data };
  return { arrays: new Map([...arrays, [RECONSTRUCTION_NOISE, picture]]), resume: null };
}
