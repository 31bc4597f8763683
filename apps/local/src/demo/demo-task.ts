import type { TrainingConfigInput } from '@singan/contracts';

/** A picture that goes with the request, as a file. */
export interface SentPicture {
  /** Its part of the form. */
  readonly part: 'image' | 'mask' | 'groundTruth';
  /** What it is called in the results. */
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** What to train and what to ask of the model. */
export interface DemoTask {
  /** The picture to train on. */
  readonly image: Uint8Array;
  readonly name: string;
  /** What the task needs of the training. */
  readonly config: TrainingConfigInput;
  /** The list that the request is posted to, of the model's. */
  readonly resource: string;
  readonly request: object;
  readonly pictures: readonly SentPicture[];
  /** The outputs that are shown. */
  readonly kinds: readonly string[];
  /** What is being done, for a line of the progress. */
  readonly doing: string;
}
