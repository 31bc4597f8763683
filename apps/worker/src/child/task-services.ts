import type { TrainedModel } from '@singan/singan';
import type { TaskHost } from './host-channel.ts';
import type { Metrics } from './metrics.ts';
import type { CachedModel, ModelCache } from './model-cache.ts';

export interface LoadedModel extends CachedModel {
  readonly model: TrainedModel;
}

/** What every task of the child works with. */
export interface TaskServices {
  readonly host: TaskHost;
  readonly nowMs: () => number;
  readonly models: ModelCache<LoadedModel>;
  readonly metrics: Metrics;
}
