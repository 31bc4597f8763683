import { getModelWithScales, type JobRecord, newestCheckpoints, readEvents } from '@singan/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServices } from './testing/test-services.ts';
import { diskMask, flatPainting, withDisk } from './testing/tiny-pictures.ts';
import { TINY_SIZE, type TinyTraining, tinyTraining, trainUndisturbed } from './testing/tiny-training.ts';

const ITERATIONS = 16;
/** Two of four stages together, so that some come to stand still; with a learning rate that makes noise show after a few iterations. */
const SCHEME = { scheme: 'concurrent', concurrentStages: 2, pyramid: { scaleCount: 4 }, learningRate: 3e-3 } as const;
let services: TestServices;
let training: TinyTraining;
let undisturbed: Uint8Array[];

beforeAll(async () => {
  services = await TestServices.start();
  training = await tinyTraining(ITERATIONS, TINY_SIZE, SCHEME);
  undisturbed = await trainUndisturbed(training);
});
afterAll(() => services.stop());

async function run(order: Parameters<TestServices['createJob']>[0]): Promise<JobRecord> {
  return services.whenEnded(await services.createJob(order));
}

test('a child that is killed in the middle of a stage costs nothing but time, and the model draws, paints, blends, moves, and says what it cannot', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const pids: number[] = [];
  const worker = await services.startWorker({
    onLog: (line) => {
      if (line.msg === 'child.started') pids.push(Number(line.childPid));
    },
  });
  await services.when(jobId, 'a checkpoint of stage 2', async () => {
    const [newest] = await newestCheckpoints(services.database, modelId, 2);
    return newest !== undefined && newest.iteration >= 2 ? newest.iteration : null;
  });
  process.kill(pids[0] ?? 0, 'SIGKILL');
  const job = await services.whenEnded(jobId);
  expect(job).toMatchObject({ state: 'succeeded', attempts: 2 });
  expect(job.progress).toMatchObject({ scale: 3, scales: 4, iteration: ITERATIONS, fraction: 1, etaSeconds: 0 });
  expect((await services.logMessages(jobId))[1]).toMatch(/^Resumed at scale 2 after iteration \d+\.$/);
  const files = await services.scaleBytes(modelId);
  expect(files.map((file, stage) => file.equals(undisturbed[stage] ?? Buffer.alloc(0)))).toEqual([
    true,
    true,
    true,
    true,
  ]);

  const model = await getModelWithScales(services.database, modelId);
  expect(model?.scales.map(({ width, height, channels }) => [width, height, channels])).toEqual(
    training.plan.levels.map(({ width, height, channels }) => [width, height, channels]),
  );
  const previews = (await readEvents(services.database, jobId, 0)).filter(({ event }) => event.type === 'preview');
  expect(previews).toHaveLength(8);

  const place = { seed: 11, format: 'png', startScale: 1, startScales: [1], adjustments: [] };
  const sample = { count: 2, seed: 11, format: 'png', startScale: 'all', startScales: [0, 1], width: 60, height: 33 };
  const drawn = await run({ kind: 'sample', modelId, input: sample });
  expect(drawn).toMatchObject({ state: 'succeeded', error: null });
  const samples = drawn.outputs.filter(({ kind }) => kind === 'sample');
  expect(samples.map(({ width, height, details }) => [width, height, details.startScale])).toEqual([
    [60, 33, 0],
    [60, 33, 0],
    [60, 33, 1],
    [60, 33, 1],
  ]);
  expect(new Set(samples.map(({ sha256 }) => sha256)).size).toBe(4);

  const painting = { 'input-image': await flatPainting() };
  const painted = await run({ kind: 'paint', modelId, input: { ...place, quantize: null }, pictures: painting });
  const edited = { 'input-image': await withDisk(training.source), 'input-mask': await diskMask() };
  const blended = await run({ kind: 'harmonize', modelId, input: place, pictures: edited });
  const walk = {
    ...place,
    alpha: 0.1,
    beta: 0.9,
    frames: 3,
    fps: 10,
    loop: false,
    superResolution: null,
    format: 'webp',
  };
  const { adjustments: _, ...moving } = walk;
  const animated = await run({ kind: 'animate', modelId, input: moving });
  for (const one of [painted, blended, animated]) expect(one).toMatchObject({ state: 'succeeded', error: null });
  for (const { outputs } of [painted, blended, animated]) expect(outputs[0]).toMatchObject({ width: 40, height: 30 });

  const quantised = { ...place, quantize: { colours: 5 } };
  const refused = await run({ kind: 'paint', modelId, input: quantised, pictures: painting });
  expect(refused.error).toMatchObject({
    code: 'model.wrong_purpose',
    detail: expect.stringMatching(/needs the sequential scheme.*Train one with config/),
  });
  await worker.close();
});
