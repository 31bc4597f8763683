import { assertNever } from '@singan/domain';
import { startEngine } from '@singan/engine';
import { memory } from '@tensorflow/tfjs-core';
import { runAnimateTask } from './child/animate-task.ts';
import { runBlendTask } from './child/blend-task.ts';
import { runEvaluateTask } from './child/evaluate-task.ts';
import { HostChannel } from './child/host-channel.ts';
import { Metrics } from './child/metrics.ts';
import { ModelCache } from './child/model-cache.ts';
import { runPaintTask } from './child/paint-task.ts';
import { runRetrainTask } from './child/retrain-task.ts';
import { runSampleTask } from './child/sample-task.ts';
import { runSuperResolveTask } from './child/super-resolve-task.ts';
import type { LoadedModel } from './child/task-services.ts';
import { runTrainTask } from './child/train-task.ts';
import type { Task, TaskEnd } from './protocol.ts';
import { toSentError } from './sent-error.ts';

/** Bytes of the scale files of all models in memory; the generators' weights are less than half of them. */
const MODEL_CACHE_BYTES = 512 * 1024 * 1024;

// The child must not outlive its host: nobody would take its results, and it would hold the processor for ever.
process.on('disconnect', () => process.exit(1));
// A signal to the whole process group is the host's to handle: it asks for a checkpoint first.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

const host = new HostChannel(process);
const models = new ModelCache<LoadedModel>(MODEL_CACHE_BYTES);
const metrics = new Metrics();
const services = { host, models, metrics, nowMs: (): number => performance.now() };

function run(task: Task): Promise<TaskEnd> {
  switch (task.kind) {
    case 'train':
      return runTrainTask(task, services);
    case 'retrain':
      return runRetrainTask(task, services);
    case 'sample':
      return runSampleTask(task, services);
    case 'paint':
      return runPaintTask(task, services);
    case 'harmonize':
    case 'edit':
      return runBlendTask(task, services);
    case 'animate':
      return runAnimateTask(task, services);
    case 'super-resolve':
      return runSuperResolveTask(task, services);
    case 'evaluate':
      return runEvaluateTask(task, services);
    default:
      return assertNever(task);
  }
}

host.listen({
  async startEngine({ choice, sifidWeights, ...options }) {
    try {
      if (sifidWeights !== undefined) metrics.useWeights(sifidWeights);
      host.send({ type: 'engine-started', engine: await startEngine(choice, options) });
    } catch (error) {
      host.send({ type: 'engine-failed', error: toSentError(error) });
    }
  },
  async runTask(task) {
    const end = await run(task).catch((error: unknown): TaskEnd => ({ type: 'failed', error: toSentError(error) }));
    host.send({ type: 'end', end, tensors: memory().numTensors });
  },
});
