import type {
  AnimateInput,
  BlendInput,
  EvaluateInput,
  ObjectPlacement,
  PaintInput,
  PyramidPlan,
  SampleInput,
  SuperResolveInput,
  TrainingConfig,
} from '@singan/contracts';
import type { Size } from '@singan/domain';

/** The model that a task draws with; a child that has it in memory does not ask for its files again. */
export interface ModelOfTask {
  /** Names the files that it is made of. */
  readonly key: string;
  /** Its picture is gray: so is everything that it makes. */
  readonly gray: boolean;
  readonly config: TrainingConfig;
  /** The plan of the scales that are trained so far. */
  readonly plan: PyramidPlan;
}

/** The stored picture of a model, PNG, and the size that it was trained at. */
export interface WorkingSource {
  readonly source: Uint8Array;
  readonly working: Size;
}

interface GenerationTaskBase {
  readonly model: ModelOfTask;
}

export interface SampleTask extends GenerationTaskBase {
  readonly kind: 'sample';
  readonly sizes: readonly Size[];
  readonly input: SampleInput;
}

export interface PaintTask extends GenerationTaskBase {
  readonly kind: 'paint';
  /** PNG, as the other pictures here. */
  readonly painting: Uint8Array;
  readonly input: PaintInput;
}

/** What is to be blended in: a whole picture, or an object and its place. */
export type BlendPicture =
  | { readonly image: Uint8Array }
  | { readonly object: Uint8Array; readonly placement: ObjectPlacement };

export interface BlendTask extends GenerationTaskBase, WorkingSource {
  readonly kind: 'harmonize' | 'edit';
  readonly picture: BlendPicture;
  readonly mask: Uint8Array;
  readonly input: BlendInput;
}

export interface AnimateTask extends GenerationTaskBase {
  readonly kind: 'animate';
  readonly input: AnimateInput;
}

export interface SuperResolveTask extends GenerationTaskBase, WorkingSource {
  readonly kind: 'super-resolve';
  readonly groundTruth: Uint8Array | null;
  readonly input: SuperResolveInput;
}

export interface EvaluateTask extends GenerationTaskBase, WorkingSource {
  readonly kind: 'evaluate';
  readonly input: EvaluateInput;
}

/** Draws with a model that is trained. */
export type GenerationTask = SampleTask | PaintTask | BlendTask | AnimateTask | SuperResolveTask | EvaluateTask;
