import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EvaluateInput, ScaleSifid } from '@singan/contracts';
import { getModelWithScales, type JobRecord, newestCheckpoints, requestCancel } from '@singan/database';
import { startEngine } from '@singan/engine';
import { createEvaluator, loadDefaultWeights } from '@singan/evaluation';
import { decodeRgb } from '@singan/imaging';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Worker } from './host/worker.ts';
import { TestServices } from './testing/test-services.ts';
import { type TinyTraining, tinyTraining } from './testing/tiny-training.ts';
import { inceptionFile } from './testing/tiny-weights.ts';
import { WorkerProcess } from './testing/worker-process.ts';

const INPUT: EvaluateInput = {
  samples: 4,
  startScale: 0,
  metrics: ['sifid', 'diversity', 'copyScore'],
  seed: 11,
};
let services: TestServices;
let training: TinyTraining;
let worker: Worker;
let modelId: string;
let directory: string;

beforeAll(async () => {
  services = await TestServices.start();
  directory = await mkdtemp(path.join(tmpdir(), 'weights-test-'));
  // Enough for a scale to be still in training when a test has seen one of its first checkpoints.
  training = await tinyTraining(24);
  worker = await services.startWorker();
  modelId = await train(training);
});
afterAll(async () => {
  await worker.close();
  await services.stop();
  await rm(directory, { recursive: true });
});

async function train(what: TinyTraining, o: { gray?: boolean } = {}): Promise<string> {
  const created = await services.createModel(what, o);
  expect((await services.whenEnded(created.jobId)).state).toBe('succeeded');
  return created.modelId;
}

async function evaluate(input: Partial<EvaluateInput> = {}, of = modelId): Promise<JobRecord> {
  const jobId = await services.createJob({ kind: 'evaluate', modelId: of, input: { ...INPUT, ...input } });
  return services.whenEnded(jobId);
}

/** What a job found, without what belongs to the row of it. */
function scoresOf({ evaluation }: JobRecord) {
  if (evaluation === null) throw new Error('expected the job to have an evaluation');
  const { id: _, jobId: __, createdAt: ___, ...scores } = evaluation;
  return scores;
}

async function sifidOfScales(id: string): Promise<(ScaleSifid | null)[]> {
  const model = await getModelWithScales(services.database, id);
  return model?.scales.map(({ sifid }) => sifid) ?? [];
}

async function writeWeights(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, bytes);
  return file;
}

describe('an evaluation', () => {
  test('scores each sample, is kept with how they were drawn, and tells its progress', async () => {
    const job = await evaluate();
    expect(job).toMatchObject({ state: 'succeeded', error: null, outputs: [], metrics: { engine: 'wasm' } });
    expect(job.progress).toMatchObject({ iteration: 4, iterations: 4, fraction: 1, etaSeconds: 0 });
    const scores = scoresOf(job);
    expect(scores).toMatchObject({ modelId, startScale: 0, seed: 11, samples: 4, weights: expect.any(String) });
    for (const layer of ['conv2d_2b', 'conv2d_4a'] as const) {
      const { mean = 0, values = [] } = scores.sifid?.[layer] ?? {};
      expect(values).toHaveLength(4);
      expect(Math.min(...values)).toBeGreaterThan(0);
      expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 4, 6);
    }
    expect(scores.copyScore?.values).toHaveLength(4);
    expect(scores.diversity).toBeGreaterThan(0);
  });

  test('of the same seed finds the same to the last digit; another seed or start scale finds something else', async () => {
    const [first, again] = [scoresOf(await evaluate()), scoresOf(await evaluate())];
    expect(again).toEqual(first);
    for (const input of [{ seed: 12 }, { startScale: 1 }]) {
      const other = scoresOf(await evaluate(input));
      expect(other.sifid?.conv2d_2b?.values).not.toEqual(first.sifid?.conv2d_2b?.values);
    }
  });

  test('scores the pictures that a sample job of its seed and start scale draws', async () => {
    const input = { count: 4, startScale: 1, startScales: [1], seed: 11, format: 'png' };
    const drawn = await services.whenEnded(await services.createJob({ kind: 'sample', modelId, input }));
    const samples = drawn.outputs.filter(({ kind }) => kind === 'sample');
    const pictures = await Promise.all(samples.map(async ({ key }) => decodeRgb(await services.store.get(key))));
    await startEngine('wasm');
    const evaluator = createEvaluator(await loadDefaultWeights());
    const real = await decodeRgb(training.source);
    expect(scoresOf(await evaluate({ startScale: 1 }))).toMatchObject(await evaluator.score(real, pictures));
    evaluator.dispose();
  });

  test('leaves out what was not asked for', async () => {
    const scores = scoresOf(await evaluate({ metrics: ['copyScore'] }));
    expect(scores).toMatchObject({ sifid: null, diversity: null, copyScore: { values: expect.any(Array) } });
  });

  test('of a gray model scores gray pictures', async () => {
    const gray = await train(await tinyTraining(2), { gray: true });
    const colour = await train(await tinyTraining(2));
    const [ofGray, ofColour] = [scoresOf(await evaluate({}, gray)), scoresOf(await evaluate({}, colour))];
    expect(ofGray.sifid?.conv2d_2b?.values).not.toEqual(ofColour.sifid?.conv2d_2b?.values);
  });

  test('that is canceled stops between two samples and is not kept', async () => {
    const jobId = await services.createJob({ kind: 'evaluate', modelId, input: { ...INPUT, samples: 100 } });
    await services.whenJob(jobId, 'the first samples', ({ progress }) => progress !== null);
    await requestCancel(services.database, jobId);
    const job = await services.whenEnded(jobId);
    expect(job).toMatchObject({ state: 'canceled', evaluation: null });
    expect(job.progress?.iteration).toBeLessThan(100);
  });
});

describe('a finished scale', () => {
  test('tells how close its pictures came, at the layers that it is large enough for', async () => {
    const scales = await sifidOfScales(modelId);
    expect(scales).toHaveLength(3);
    for (const [n, sifid] of scales.entries()) {
      expect(sifid).toMatchObject({ version: expect.any(Number), weights: expect.any(String), inputRange: [0, 1] });
      for (const made of [sifid?.reconstruction, sifid?.sample]) {
        expect(made?.conv2d_2b).toBeGreaterThan(0);
        // 21x16 px have no two locations behind the first pooling, 29x22 have.
        expect(made?.conv2d_4a === null).toBe(n === 0);
      }
    }
  });

  test('tells the same in a training that was handed from one worker to another', async () => {
    await worker.close();
    const first = await services.startWorker();
    const created = await services.createModel(training);
    await services.when(created.jobId, 'a checkpoint of the second scale', async () => {
      const [newest] = await newestCheckpoints(services.database, created.modelId, 1);
      return newest ?? null;
    });
    await first.close();
    worker = await services.startWorker();
    expect(await services.whenEnded(created.jobId)).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(await sifidOfScales(created.modelId)).toEqual(await sifidOfScales(modelId));
  });
});

describe('weights of the operator', () => {
  test('take the place of those that come with the service, and are named with the scores', async () => {
    await worker.close();
    const file = await writeWeights('mine.safetensors', inceptionFile('mine'));
    const own = await services.startWorker({ environment: { SIFID_WEIGHTS: file } });
    const basis = { weights: expect.stringMatching(/^mine /), inputRange: [-1, 1] };
    expect(scoresOf(await evaluate())).toMatchObject(basis);
    expect((await sifidOfScales(await train(await tinyTraining(2))))[2]).toMatchObject(basis);
    await own.close();
    worker = await services.startWorker();
  });

  test.each([
    ['that are not there', async () => path.join(directory, 'none'), /SIFID_WEIGHTS: .*none.*ENOENT/],
    ['in another format', () => writeWeights('text', Buffer.from('this is no safetensors file')), /SIFID_WEIGHTS: /],
    [
      'that lack a part',
      () => writeWeights('cut', inceptionFile('cut').subarray(0, 50_000)),
      /SIFID_WEIGHTS: expected a file of weights, got .*cut/,
    ],
  ])('%s end the start of a worker with a sentence', async (_, write, sentence) => {
    const environment = { SIFID_WEIGHTS: await write() };
    const start = services.startWorker({ environment });
    await expect(start).rejects.toMatchObject({ code: 'config.invalid', message: expect.stringMatching(sentence) });
  });

  test('that cannot be read end the process of the worker with 1', async () => {
    const SIFID_WEIGHTS = path.join(directory, 'none');
    const process = new WorkerProcess({ ...services.environment, PATH: '/usr/bin:/bin', SIFID_WEIGHTS });
    expect(await process.exited).toEqual({ code: 1, signal: null });
  });
});
