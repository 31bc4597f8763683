import type { PyramidPlan, TrainingConfig } from '@singan/contracts';

export interface LoadModelOptions {
  readonly config: TrainingConfig;
  readonly plan: PyramidPlan;
  /** Scale files, coarsest first; fewer than planned give a model that ends at a smaller size. */
  readonly scales: readonly Uint8Array[];
  /** A file of `retrainScale` in place of the scale that it is of. */
  readonly variant?: { readonly scale: number; readonly bytes: Uint8Array } | undefined;
}
