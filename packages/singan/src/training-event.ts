import type { RgbImage } from '@singan/domain';

/**
 * Summands of both losses, weights included, of the last step of each kind in an iteration. A loss without discriminator has 0 in
 * its place.
 */
export interface IterationLosses {
  /** -mean D(x) */
  readonly discriminatorReal: number;
  /** mean D(x~) */
  readonly discriminatorFake: number;
  /** lambda GP */
  readonly gradientPenalty: number;
  /** -mean D(x~); without discriminator the distance between the patches of x~ and x. */
  readonly generatorAdversarial: number;
  /** alpha MSE(x~^rec, x) */
  readonly reconstruction: number;
}

/** What a training tells; scales count from 0, the coarsest; `iteration` is the number of iterations of the scale done. */
export type TrainingEvent =
  | {
      readonly type: 'scale-started';
      readonly scale: number;
      /** More than 0 when resumed. */
      readonly iteration: number;
      readonly noiseAmplitude: number;
    }
  | { readonly type: 'iteration'; readonly scale: number; readonly iteration: number; readonly losses: IterationLosses }
  | { readonly type: 'checkpoint'; readonly scale: number; readonly iteration: number; readonly bytes: Uint8Array }
  | ScaleFinishedEvent
  /** The last event of a training that was asked to stop; what it did is in the checkpoint or scale file before. */
  | { readonly type: 'stopped'; readonly scale: number; readonly iteration: number };

export interface ScaleFinishedEvent {
  readonly type: 'scale-finished';
  readonly scale: number;
  readonly noiseAmplitude: number;
  /** The scale file. */
  readonly bytes: Uint8Array;
  readonly reconstruction: RgbImage;
  readonly sample: RgbImage;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** Polled after every iteration. */
export interface TrainingControl {
  isStopRequested(): boolean;
  isCheckpointDue(): boolean;
}
