import type { Config } from '@singan/config';
import type {
  ArtifactKind,
  EvaluationScores,
  LossPoint,
  OutputDetails,
  Progress,
  PyramidPlan,
  ScaleSifid,
  TrainingConfig,
} from '@singan/contracts';
import type { FieldError, Size } from '@singan/domain';
import type { GenerationTask } from './generation-task.ts';

/** What a child is started with: the engine as the configuration names it (only the child knows the engines themselves). */
export type EngineSettings = Config['engine'] & {
  /** A safetensors file in place of the weights that SIFID has by default. */
  readonly sifidWeights?: Uint8Array;
};

/** What the child computes on. */
export interface EngineInfo {
  readonly engine: string;
  readonly isa: string;
  readonly threads: number;
  readonly device: string;
}

/** What the curve and the clock of an unfinished scale had gathered: kept beside its checkpoint, so that a resumed scale reports all of it. */
export interface ScaleNotes {
  readonly seconds: number;
  readonly losses: readonly LossPoint[];
}

export interface CheckpointCandidate {
  readonly bytes: Uint8Array;
  readonly notes: ScaleNotes | null;
}

export interface TrainTask {
  readonly kind: 'train';
  /** The stored picture, PNG. */
  readonly source: Uint8Array;
  readonly gray: boolean;
  readonly working: Size;
  readonly config: TrainingConfig;
  readonly plan: PyramidPlan;
  /** Scale files of the finished scales, coarsest first. */
  readonly finishedScales: readonly Uint8Array[];
  /** Checkpoints of the next scale, newest first: the first one that can be read is taken. */
  readonly checkpoints: readonly CheckpointCandidate[];
  readonly checkpointIntervalMs: number;
}

/** Trains one scale again, for paintings in the colours of a palette. */
export interface RetrainTask extends Omit<TrainTask, 'kind' | 'finishedScales'> {
  readonly kind: 'retrain';
  /** Scale files of the model, coarsest first. */
  readonly scales: readonly Uint8Array[];
  readonly scale: number;
  readonly colours: number;
}

export type Task = TrainTask | RetrainTask | GenerationTask;

/** What a model is made of. */
export interface ModelFiles {
  /** Scale files, coarsest first. */
  readonly scales: readonly Uint8Array[];
  /** In place of one of them. */
  readonly variant: { readonly scale: number; readonly bytes: Uint8Array } | null;
}

export interface EncodedPicture {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
}

/** From the host to the child. One task at a time; `stop` asks for an end after the current iteration or picture. */
export type HostMessage =
  | { readonly type: 'start-engine'; readonly settings: EngineSettings }
  | { readonly type: 'task'; readonly task: Task }
  | { readonly type: 'model'; readonly files: ModelFiles }
  | { readonly type: 'stop' }
  | { readonly type: 'ack' };

export interface ScaleFinished {
  readonly type: 'scale-finished';
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly noiseAmplitude: number;
  readonly iterations: number;
  readonly seconds: number;
  readonly losses: readonly LossPoint[];
  readonly bytes: Uint8Array;
  readonly reconstruction: EncodedPicture;
  readonly sample: EncodedPicture;
  readonly sifid: ScaleSifid;
}

export interface CheckpointReady {
  readonly type: 'checkpoint';
  readonly scale: number;
  readonly iteration: number;
  readonly bytes: Uint8Array;
  readonly notes: ScaleNotes;
}

/** The variant of a scale that was trained again. */
interface VariantReady {
  readonly type: 'variant-finished';
  readonly scale: number;
  readonly bytes: Uint8Array;
}

/** A picture or animation that the job is to show. */
export interface OutputReady {
  readonly type: 'output';
  readonly kind: ArtifactKind;
  readonly picture: EncodedPicture;
  readonly index?: number;
  readonly seed?: number;
  readonly details?: OutputDetails;
}

/** What an evaluation found. */
interface Evaluated {
  readonly type: 'evaluated';
  readonly scores: EvaluationScores;
}

/** What a task tells while it runs. */
export type TaskEvent =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly type: 'need-model' }
  | CheckpointReady
  | ScaleFinished
  | VariantReady
  | OutputReady
  | Evaluated;

/** The events that the child waits on: it goes on when the host has stored them. */
export const ACKNOWLEDGED_EVENTS: ReadonlySet<TaskEvent['type']> = new Set([
  'checkpoint',
  'scale-finished',
  'variant-finished',
  'output',
]);

/** An error as it crosses the process boundary: its code and its sentence survive. */
export interface SentError {
  readonly code: string;
  readonly detail: string;
  readonly stack: string | undefined;
  readonly context: Record<string, unknown>;
  readonly errors: readonly FieldError[];
}

/** How a task ended. */
export type TaskEnd =
  | { readonly type: 'succeeded' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: SentError };

/** From the child to the host. */
export type ChildMessage =
  | { readonly type: 'engine-started'; readonly engine: EngineInfo }
  | { readonly type: 'engine-failed'; readonly error: SentError }
  | { readonly type: 'event'; readonly event: TaskEvent }
  /** `tensors`: how many the engine still holds, for whoever watches for leaks. */
  | { readonly type: 'end'; readonly end: TaskEnd; readonly tensors: number };
