import { getJob, type JobRecord, jobCheckpoints, requestCancel, retryJob } from '@singan/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Worker } from './host/worker.ts';
import { TestServices } from './testing/test-services.ts';
import { flatPainting } from './testing/tiny-pictures.ts';
import { type TinyTraining, tinyTraining } from './testing/tiny-training.ts';

/** Enough for a retraining to be still on its way when a test has seen one of its first checkpoints. */
const ITERATIONS = 24;
let services: TestServices;
let training: TinyTraining;
let worker: Worker;
let model: { modelId: string; jobId: string };
/** Processes of the children of the training queue. */
const pids: number[] = [];

beforeAll(async () => {
  services = await TestServices.start();
  training = await tinyTraining(ITERATIONS);
  worker = await services.startWorker({
    onLog: (line) => {
      if (line.msg === 'variant.training') pids.push(Number(line.childPid));
    },
  });
  model = await services.createModel(training);
  expect((await services.whenEnded(model.jobId)).state).toBe('succeeded');
});
afterAll(async () => {
  await worker.close();
  await services.stop();
});

async function order(o: { colours?: number; scale?: number } = {}): Promise<string> {
  const { colours = 4, scale = 1 } = o;
  const place = { seed: 3, format: 'png', startScale: scale, startScales: [scale], adjustments: [] };
  const pictures = { 'input-image': await flatPainting() };
  const input = { ...place, quantize: { colours } };
  return services.createJob({ kind: 'paint', modelId: model.modelId, input, pictures });
}

async function namesUnder(prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of services.store.list(prefix)) names.push(key.slice(prefix.length));
  return names.sort();
}

function paintingOf(job: JobRecord): Promise<Buffer> {
  expect(job).toMatchObject({ state: 'succeeded', error: null });
  expect(job.outputs.map(({ kind }) => kind)).toEqual(['painting']);
  return services.store.get(job.outputs[0]?.key ?? '');
}

/** Resolves when the retraining of a job has recorded a checkpoint. */
function whenCheckpoint(jobId: string): Promise<number> {
  return services.when(jobId, 'a checkpoint', async () => {
    const [newest] = await jobCheckpoints(services.database, jobId);
    return newest?.iteration ?? null;
  });
}

test('a quantised painting trains its scale once: the next one takes what is there', async () => {
  const variant = `models/${model.modelId}/variants/scale-1-colours-4.safetensors`;
  const jobId = await order();
  const first = await services.whenEnded(jobId);
  const painting = await paintingOf(first);
  const bytes = await services.store.get(variant);
  // Only its input and output stay: no checkpoint, no notes.
  expect(await namesUnder(`models/${model.modelId}/jobs/${jobId}/`)).toEqual([
    '1/painting-1-0.png',
    'inputs/input-image.png',
  ]);

  const trainings = pids.length;
  const second = await services.whenEnded(await order());
  expect(await paintingOf(second)).toEqual(painting);
  expect(pids).toHaveLength(trainings);

  // What is in the store is what is used: without it, the scale is trained again, to the same bytes.
  await services.store.delete([variant]);
  expect(await paintingOf(await services.whenEnded(await order()))).toEqual(painting);
  expect(await services.store.get(variant)).toEqual(bytes);
  expect(pids).toHaveLength(trainings + 1);
});

test('the palette and its scale make a picture of their own', async () => {
  const [four, seven] = [
    await services.whenEnded(await order()),
    await services.whenEnded(await order({ colours: 7 })),
  ];
  expect(await paintingOf(seven)).not.toEqual(await paintingOf(four));
  expect(await namesUnder(`models/${model.modelId}/variants/`)).toContain('scale-1-colours-7.safetensors');
});

test('a retraining whose child is killed goes on from its checkpoint, to the same bytes', async () => {
  const undisturbed = await services.whenEnded(await order({ scale: 2 }));
  const painting = await paintingOf(undisturbed);
  const variant = `models/${model.modelId}/variants/scale-2-colours-4.safetensors`;
  const bytes = await services.store.get(variant);
  await services.store.delete([variant]);

  const jobId = await order({ scale: 2 });
  const iteration = await whenCheckpoint(jobId);
  process.kill(pids.at(-1) ?? 0, 'SIGKILL');
  const job = await services.whenEnded(jobId);
  expect(job.attempts).toBe(2);
  const messages = await services.logMessages(jobId);
  expect(messages[0]).toMatch(/ended in the middle of its work \(signal SIGKILL\)/);
  const resumedAt = Number(/^Resumed at scale 2 after iteration (\d+)\.$/.exec(messages[1] ?? '')?.[1]);
  expect(resumedAt).toBeGreaterThanOrEqual(iteration);
  expect(await paintingOf(job)).toEqual(painting);
  expect(await services.store.get(variant)).toEqual(bytes);
  expect(await jobCheckpoints(services.database, jobId)).toEqual([]);
  expect(await namesUnder(`models/${model.modelId}/jobs/${jobId}/`)).toEqual([
    '2/painting-2-0.png',
    'inputs/input-image.png',
  ]);
});

test('a retraining that is canceled goes on from its checkpoint when it is retried', async () => {
  const jobId = await order({ scale: 2, colours: 3 });
  await whenCheckpoint(jobId);
  await requestCancel(services.database, jobId);
  expect(await services.whenEnded(jobId)).toMatchObject({ state: 'canceled', outputs: [] });
  expect((await jobCheckpoints(services.database, jobId)).length).toBeGreaterThan(0);

  await retryJob(services.database, jobId);
  const job = await services.whenJob(jobId, 'its success', (one) => one.state === 'succeeded');
  await paintingOf(job);
  expect((await services.logMessages(jobId))[0]).toMatch(/^Resumed at scale 2 after iteration \d+\.$/);
});

test('a damaged variant is trained again', async () => {
  const variant = `models/${model.modelId}/variants/scale-1-colours-5.safetensors`;
  const painting = await paintingOf(await services.whenEnded(await order({ colours: 5 })));
  await services.damage(variant);
  const job = await services.whenEnded(await order({ colours: 5 }));
  expect(await paintingOf(job)).toEqual(painting);
  expect(await getJob(services.database, job.id)).toMatchObject({ attempts: 1 });
});
