import path from 'node:path';
import {
  deleteModel,
  getJob,
  getModelWithScales,
  newestCheckpoints,
  readEvents,
  requestCancel,
  retryJob,
} from '@singan/database';
import { eventually } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServices } from './testing/test-services.ts';
import { type TinyTraining, tinyTraining, trainUndisturbed } from './testing/tiny-training.ts';

/** Enough for a scale to be still in training when a test has seen one of its first checkpoints. */
const ITERATIONS = 24;
const ALL_ITERATIONS = Array.from({ length: ITERATIONS }, (_, n) => n + 1);
let services: TestServices;
let training: TinyTraining;
let undisturbed: Uint8Array[];

beforeAll(async () => {
  services = await TestServices.start();
  training = await tinyTraining(ITERATIONS);
  undisturbed = await trainUndisturbed(training);
});
afterAll(() => services.stop());

async function expectUndisturbedBytes(modelId: string): Promise<void> {
  const files = await services.scaleBytes(modelId);
  expect(files.map((file) => file.equals(undisturbed[files.indexOf(file)] ?? Buffer.alloc(0)))).toEqual(
    undisturbed.map(() => true),
  );
}

/** Resolves when a checkpoint of this scale and iteration, or a later one of the scale, is recorded. */
function whenCheckpoint(o: { jobId: string; modelId: string; scale: number; iteration: number }): Promise<number> {
  return services.when(o.jobId, 'a checkpoint', async () => {
    const [newest] = await newestCheckpoints(services.database, o.modelId, o.scale);
    return newest !== undefined && newest.iteration >= o.iteration ? newest.iteration : null;
  });
}

test('a training goes from the queue to a ready model: scales, pictures, losses, progress, engine', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const worker = await services.startWorker();
  const job = await services.whenEnded(jobId);
  await worker.close();
  expect(job).toMatchObject({ state: 'succeeded', error: null, attempts: 1 });
  expect(job.progress).toMatchObject({ scale: 2, iteration: ITERATIONS, fraction: 1, etaSeconds: 0 });
  expect(job.metrics).toMatchObject({
    engine: 'wasm',
    isa: expect.stringContaining('wasm'),
    threads: expect.any(Number),
  });
  await expectUndisturbedBytes(modelId);

  const model = await getModelWithScales(services.database, modelId);
  expect(model?.model.state).toBe('ready');
  expect(model?.scales.map((scale) => [scale.width, scale.height])).toEqual(
    training.plan.levels.map((level) => [level.width, level.height]),
  );
  for (const scale of model?.scales ?? []) {
    expect(scale.losses.map((point) => point.iteration)).toEqual(ALL_ITERATIONS);
    expect(scale.seconds).toBeGreaterThan(0);
  }
  expect(job.outputs.map((output) => output.kind).sort()).toEqual([
    ...training.plan.levels.map(() => 'reconstruction'),
    ...training.plan.levels.map(() => 'scale-sample'),
  ]);
  const previews = (await readEvents(services.database, jobId, 0)).filter(({ event }) => event.type === 'preview');
  expect(previews).toHaveLength(job.outputs.length);
  for (const output of job.outputs)
    expect((await services.store.get(output.key)).subarray(1, 4).toString()).toBe('PNG');
});

test('a training that the engine cannot hold fails before its first step, and says what would fit', async () => {
  const channels = { baseChannels: 128, maxChannels: 128 };
  const { jobId } = await services.createModel(await tinyTraining(1, { width: 250, height: 250 }, channels));
  const worker = await services.startWorker();
  const job = await services.whenEnded(jobId);
  await worker.close();
  expect(job).toMatchObject({
    state: 'failed',
    attempts: 1,
    error: { code: 'plan.too_much_memory', retryable: false },
  });
  expect(job.error?.detail).toMatch(/the limit is 3584 MiB: the largest maxSize that fits is 2\d\d\./);
});

test('a child that is killed in the middle of a scale costs nothing but time: the files are the same to the byte', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const pids: number[] = [];
  const worker = await services.startWorker({
    onLog: (line) => {
      if (line.msg === 'child.started') pids.push(Number(line.childPid));
    },
  });
  const iteration = await whenCheckpoint({ jobId, modelId, scale: 1, iteration: 2 });
  process.kill(pids[0] ?? 0, 'SIGKILL');
  const job = await services.whenEnded(jobId);
  await worker.close();
  expect(job).toMatchObject({ state: 'succeeded', attempts: 2 });
  const messages = await services.logMessages(jobId);
  expect(messages[0]).toMatch(/ended in the middle of its work \(signal SIGKILL\)\. The job goes back to the queue\./);
  const resumedAt = Number(/^Resumed at scale 1 after iteration (\d+)\.$/.exec(messages[1] ?? '')?.[1]);
  expect(resumedAt).toBeGreaterThanOrEqual(iteration);
  await expectUndisturbedBytes(modelId);
  const model = await getModelWithScales(services.database, modelId);
  expect(model?.scales[1]?.losses.map((point) => point.iteration)).toEqual(ALL_ITERATIONS);
});

test('a canceled training keeps its finished scales, and goes on from there when it is retried', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const worker = await services.startWorker();
  await whenCheckpoint({ jobId, modelId, scale: 1, iteration: 1 });
  await requestCancel(services.database, jobId);
  const job = await services.whenEnded(jobId);
  expect(job.state).toBe('canceled');
  const kept = await services.scaleBytes(modelId);
  expect(kept.length).toBeGreaterThanOrEqual(1);
  expect(kept.length).toBeLessThan(3);
  expect(kept[0]?.equals(undisturbed[0] ?? Buffer.alloc(0))).toBe(true);

  await retryJob(services.database, jobId);
  expect((await services.whenEnded(jobId)).state).toBe('succeeded');
  await worker.close();
  await expectUndisturbedBytes(modelId);
});

test('a damaged checkpoint falls back to the one before, says so, and the result is the same', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const first = await services.startWorker();
  await whenCheckpoint({ jobId, modelId, scale: 1, iteration: 3 });
  await first.close();
  const [newest, older] = await newestCheckpoints(services.database, modelId, 1);
  const damaged = await services.store.get(newest?.key ?? '');
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  await services.store.put(newest?.key ?? '', damaged);

  const second = await services.startWorker();
  const job = await services.whenEnded(jobId);
  await second.close();
  expect(job.state).toBe('succeeded');
  const messages = await services.logMessages(jobId);
  expect(messages[0]).toContain(`scale 1 at iteration ${newest?.iteration} is damaged and left out`);
  expect(messages[1]).toBe(`Resumed at scale 1 after iteration ${older?.iteration}.`);
  await expectUndisturbedBytes(modelId);
});

test('a worker that is closed hands its job back with a checkpoint, and the next one goes on from that iteration', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const first = await services.startWorker();
  await whenCheckpoint({ jobId, modelId, scale: 0, iteration: 2 });
  await first.close();
  expect(await getJob(services.database, jobId)).toMatchObject({ state: 'queued', attempts: 1 });
  const orphan = `models/${modelId}/jobs/${jobId}/1/never-recorded.safetensors`;
  await services.store.put(orphan, Buffer.from('x'));
  const done = (await services.scaleBytes(modelId)).length;
  const [checkpoint] = await newestCheckpoints(services.database, modelId, done);

  const second = await services.startWorker();
  expect((await services.whenEnded(jobId)).state).toBe('succeeded');
  await second.close();
  expect(await objectNames(modelId)).toEqual(namesOfFinished());
  const messages = await services.logMessages(jobId);
  expect(messages).toEqual(
    checkpoint === undefined ? [] : [`Resumed at scale ${done} after iteration ${checkpoint.iteration}.`],
  );
  await expectUndisturbedBytes(modelId);
});

/** Names of the model's objects. */
async function objectNames(modelId: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of services.store.list(`models/${modelId}/`)) names.push(path.basename(key));
  return names.sort();
}

function namesOfFinished(): string[] {
  const perScale = ['reconstruction-0.png', 'sample-of-scale-0.png', 'scale-0.safetensors'];
  const names = [0, 1, 2].flatMap((scale) => perScale.map((name) => name.replace('0', String(scale))));
  return [...names, 'source.png'].sort();
}

test('of a finished training only the scale files and pictures are left in the store', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const worker = await services.startWorker();
  await services.whenEnded(jobId);
  await worker.close();
  expect(await objectNames(modelId)).toEqual(namesOfFinished());
});

test('a model deleted in the middle of its training leaves neither rows nor objects', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const worker = await services.startWorker();
  await whenCheckpoint({ jobId, modelId, scale: 0, iteration: 1 });
  await deleteModel(services.database, modelId);
  // Nothing tells of the end of a purge: it removes the job with all that could.
  const countRows = () => services.database.query((client) => client.model.count({ where: { id: modelId } }));
  await eventually(async () => (await countRows()) === 0, { timeoutMs: 60_000, what: 'the purge' });
  await worker.close();
  expect(await objectNames(modelId)).toEqual([]);
});
