import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import type { TrainingControl } from './training-event.ts';

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
