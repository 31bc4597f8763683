import type { GeneratorPyramid } from '@singan/singan';
import type { TaskHost } from './host-channel.ts';
import type { CachedModel, ModelCache } from './model-cache.ts';

export interface LoadedModel extends CachedModel {
  readonly model: GeneratorPyramid;
}

/** What every task of the child works with. */
export interface TaskServices {
  readonly host: TaskHost;
  readonly nowMs: () => number;
  readonly models: ModelCache<LoadedModel>;
}
