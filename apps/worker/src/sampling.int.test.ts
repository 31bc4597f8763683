import { createJob, deleteModel, getArtifact } from '@singan/database';
import { decodeRgb } from '@singan/imaging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Worker } from './host/worker.ts';
import { TestServices } from './testing/test-services.ts';
import { type TinyTraining, tinyTraining } from './testing/tiny-training.ts';

let services: TestServices;
let training: TinyTraining;
let worker: Worker;
let models: { colour: string; gray: string };

beforeAll(async () => {
  services = await TestServices.start();
  training = await tinyTraining(24);
  worker = await services.startWorker();
  const [colour, gray] = [await services.createModel(training), await services.createModel(training, { gray: true })];
  for (const { jobId } of [colour, gray]) expect((await services.whenEnded(jobId)).state).toBe('succeeded');
  models = { colour: colour.modelId, gray: gray.modelId };
});
afterAll(async () => {
  await worker.close();
  await services.stop();
});

async function sample(modelId: string, input: object) {
  const jobId = services.ids('job');
  const defaults = { count: 1, startScale: 0, startScales: [0], seed: 11, format: 'png' };
  await createJob(services.database, {
    jobId,
    kind: 'sample',
    modelId,
    input: { ...defaults, ...input },
    webhook: null,
  });
  return services.whenEnded(jobId);
}

async function bytesOf(job: Awaited<ReturnType<typeof sample>>): Promise<Buffer[]> {
  return Promise.all(job.outputs.filter(({ kind }) => kind === 'sample').map(({ key }) => services.store.get(key)));
}

test('samples come with index and seed, in the asked size, and with a contact sheet', async () => {
  const job = await sample(models.colour, { count: 3, width: 60, height: 24 });
  expect(job).toMatchObject({ state: 'succeeded', metrics: { engine: 'wasm' } });
  expect(job.progress).toMatchObject({ iteration: 3, iterations: 3, fraction: 1 });
  const samples = job.outputs.filter((output) => output.kind === 'sample');
  expect(samples.map(({ index, seed, width, height }) => [index, seed, width, height])).toEqual([
    [0, 11, 60, 24],
    [1, 11, 60, 24],
    [2, 11, 60, 24],
  ]);
  const sheet = job.outputs.find((output) => output.kind === 'contact-sheet');
  const drawn = await decodeRgb(await services.store.get(sheet?.key ?? ''));
  expect([sheet?.width, sheet?.height]).toEqual([drawn.width, drawn.height]);
  const bytes = await bytesOf(job);
  expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(false);
});

test('the same seed draws the same bytes again, also of a larger request; another seed draws others', async () => {
  const [one, two] = [
    await bytesOf(await sample(models.colour, {})),
    await bytesOf(await sample(models.colour, { count: 2 })),
  ];
  expect(two[0]).toEqual(one[0]);
  const [other] = await bytesOf(await sample(models.colour, { seed: 12 }));
  expect(other).not.toEqual(one[0]);
});

test('a sweep draws at each start scale what a request for it alone draws, and shows them in one sheet', async () => {
  const sweep = await sample(models.colour, { startScale: 'all', startScales: [0, 1, 2], count: 2 });
  expect(sweep.outputs.map(({ kind, index, details }) => [kind, details.startScale, index])).toEqual([
    ...[0, 1, 2].flatMap((startScale) => [0, 1].map((index) => ['sample', startScale, index])),
    ['contact-sheet', undefined, null],
  ]);
  const alone = await bytesOf(await sample(models.colour, { startScale: 1, startScales: [1], count: 2 }));
  expect((await bytesOf(sweep)).slice(2, 4)).toEqual(alone);
});

test('a single sample has no contact sheet', async () => {
  const job = await sample(models.colour, { format: 'webp' });
  expect(job.outputs.map(({ kind, contentType }) => [kind, contentType])).toEqual([['sample', 'image/webp']]);
});

test('a model of a gray picture draws gray pictures', async () => {
  const [png] = await bytesOf(await sample(models.gray, {}));
  // Colour type of the header: 0 is gray, 2 is RGB.
  expect(png?.[25]).toBe(0);
  const [colour] = await bytesOf(await sample(models.colour, {}));
  expect(colour?.[25]).toBe(2);
});

test('a start scale that the model does not have fails the job, says what would fit, and leaves no object', async () => {
  const job = await sample(models.colour, { startScale: 9, startScales: [9] });
  expect(job).toMatchObject({ state: 'failed', outputs: [] });
  expect(job.error).toMatchObject({ code: 'sample.start_scale', detail: expect.stringContaining('0 (coarsest) to 2') });
});

test('outputs of a deleted model are gone', async () => {
  const { modelId, jobId } = await services.createModel(training);
  await services.whenEnded(jobId);
  const job = await sample(modelId, {});
  expect(await getArtifact(services.database, job.outputs[0]?.id ?? '')).not.toBeNull();
  await deleteModel(services.database, modelId);
  expect(await getArtifact(services.database, job.outputs[0]?.id ?? '')).toBeNull();
});
