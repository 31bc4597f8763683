import { loadModel, type TrainedModel } from '@singan/singan';
import type { ModelOfTask } from '../generation-task.ts';
import type { TaskServices } from './task-services.ts';

/** The model of a task, from memory or from the host. The cache owns it. */
export async function requireModel(o: ModelOfTask, { host, models }: TaskServices): Promise<TrainedModel> {
  const cached = models.get(o.key);
  if (cached !== undefined) return cached.model;
  const { scales, variant } = await host.fetchModel();
  const model = loadModel({ config: o.config, plan: o.plan, scales, variant: variant ?? undefined });
  const sizeBytes = scales.reduce((sum, scale) => sum + scale.byteLength, 0);
  models.put(o.key, { model, sizeBytes, dispose: () => model.dispose() });
  return model;
}
