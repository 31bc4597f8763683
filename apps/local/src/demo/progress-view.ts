import type { Progress } from '@singan/contracts';

/** Shows a training as it goes. */
export interface ProgressView {
  show(progress: Progress): void;
  log(line: string): void;
  close(): void;
}
