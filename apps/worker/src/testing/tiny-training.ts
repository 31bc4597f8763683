import type { PyramidPlan, TrainingConfig, TrainingConfigInput } from '@singan/contracts';
import type { Size } from '@singan/domain';
import { planPyramid, resolveTrainingConfig } from '@singan/plan';
import { hillsPicture } from '@singan/testkit';
import { EngineChild } from '../host/engine-child.ts';
import { runTask } from '../host/run-task.ts';
import type { TrainTask } from '../protocol.ts';

export const TINY_SIZE = { width: 40, height: 30 };

/** A training of three scales and a second or two. */
export interface TinyTraining {
  readonly source: Buffer;
  readonly size: Size;
  readonly config: TrainingConfig;
  readonly plan: PyramidPlan;
}

export async function tinyTraining(
  iterations: number,
  size: Size = TINY_SIZE,
  overrides: TrainingConfigInput = {},
): Promise<TinyTraining> {
  const nets = { baseChannels: 4, maxChannels: 4, discriminatorSteps: 1, generatorSteps: 1 };
  const sides = { maxSize: Math.max(size.width, size.height), minSize: 16 };
  const config = resolveTrainingConfig({ ...sides, iterations, ...nets, ...overrides }, () => 7);
  const source = await hillsPicture({ ...size, seed: 3 });
  return { source, size, config, plan: planPyramid(size, config) };
}

export function trainTask({ source, size, config, plan }: TinyTraining): TrainTask {
  return {
    kind: 'train',
    source,
    gray: false,
    working: size,
    config,
    plan,
    finishedScales: [],
    checkpoints: [],
    checkpointIntervalMs: Number.POSITIVE_INFINITY,
  };
}

/** Scale files of the training when nothing disturbs it: what every disturbed one must equal. */
export async function trainUndisturbed(training: TinyTraining): Promise<Uint8Array[]> {
  const child = new EngineChild({ choice: 'wasm' });
  const files: Uint8Array[] = [];
  const never = new AbortController().signal;
  try {
    await child.engine;
    await runTask({
      child,
      task: trainTask(training),
      onEvent: async (event) => {
        if (event.type === 'scale-finished') files.push(event.bytes);
      },
      stop: never,
      lost: never,
      graceMs: 0,
    });
    return files;
  } finally {
    await child.kill();
  }
}
