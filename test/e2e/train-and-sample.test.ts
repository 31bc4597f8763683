import { createHash } from 'node:crypto';
import type { Job, Model, Output } from '@singan/contracts';
import { waitForEvent } from '@singan/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followJob, type StreamedEvent } from './support/job-stream.ts';
import { type RunningService, SIGNING_SECRET, startService } from './support/running-service.ts';
import { trainingPicture } from './support/training-picture.ts';
import { type ReceivedWebhook, startWebhookReceiver, type WebhookReceiver } from './support/webhook-receiver.ts';

/** Small enough for seconds, large enough for three scales. */
const TINY = {
  minSize: 20,
  maxSize: 44,
  iterations: 6,
  finestIterations: 4,
  baseChannels: 8,
  maxChannels: 8,
  seed: 11,
};

let service: RunningService;
let receiver: WebhookReceiver;
let picture: Buffer;
let created: { model: Model; job: Job };
let events: StreamedEvent[];

beforeAll(async () => {
  [service, receiver, picture] = await Promise.all([
    startService('wasm'),
    startWebhookReceiver(SIGNING_SECRET),
    trainingPicture(),
  ]);
  const modelReady = waitForEvent<[ReceivedWebhook]>(receiver.deliveries, 'webhook', {
    accept: ({ type }) => type === 'model.ready',
    timeoutMs: 200_000,
    what: 'the model.ready webhook',
  });
  created = await createModel();
  [events] = await Promise.all([followJob(service.url + created.job.links.events), modelReady]);
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
});

async function createModel(): Promise<{ model: Model; job: Job }> {
  const form = new FormData();
  form.set('image', new Blob([picture], { type: 'image/png' }), 'picture.png');
  form.set('config', JSON.stringify({ preset: 'quick', ...TINY }));
  form.set('webhook', JSON.stringify({ url: receiver.url, events: ['model.ready', 'job.succeeded'] }));
  const response = await fetch(`${service.url}/models`, { method: 'POST', body: form });
  expect(response.status).toBe(202);
  const body = (await response.json()) as { model: Model; job: Job };
  expect(response.headers.get('location')).toBe(body.job.links.self);
  return body;
}

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(service.url + path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function drawSamples(body: Record<string, unknown>): Promise<Job> {
  const response = await fetch(`${service.url}${created.model.links.samples}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  const { job } = (await response.json()) as { job: Job };
  expect(job).toMatchObject({ state: 'succeeded', error: null });
  return job;
}

async function download(output: Output): Promise<Buffer> {
  const response = await fetch(service.url + output.links.content);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

const samplesOf = (job: Job) => job.outputs.filter(({ kind }) => kind === 'sample');
const pixelsOf = async (image: Buffer) => sharp(image).removeAlpha().raw().toBuffer();

function meanDifference(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}

describe('a training over HTTP', () => {
  it('streams states, previews of every scale and the end, in order', () => {
    const numbered = events.filter(({ id }) => id !== undefined);
    expect(numbered.map(({ id }) => Number(id))).toEqual(numbered.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === 'state').map(({ data }) => data.state)).toEqual([
      'queued',
      'running',
      'succeeded',
    ]);
    const previewed = new Set(events.filter(({ type }) => type === 'preview').map(({ data }) => data.scale));
    expect(previewed.size).toBe(created.model.pyramid.levels.length);
    expect(events.at(-1)).toMatchObject({ type: 'done', data: { state: 'succeeded', error: null } });
  });

  it('replays what a client missed by Last-Event-ID', async () => {
    const numbered = events.filter(({ id }) => id !== undefined);
    const replayed = await followJob(service.url + created.job.links.events, '2');
    expect(replayed.filter(({ id }) => id !== undefined)).toEqual(numbered.slice(2));
  });

  it('leaves a ready model with every scale, and a job that names what it ran on', async () => {
    const model = await getJson<Model>(created.model.links.self);
    expect(model).toMatchObject({
      state: 'ready',
      scalesDone: model.pyramid.levels.length,
      config: { ...TINY, preset: 'quick' },
    });
    expect(model.scales?.map(({ width, height, channels }) => ({ width, height, channels }))).toEqual(
      model.pyramid.levels.map(({ width, height, channels }) => ({ width, height, channels })),
    );
    const job = await getJson<Job>(created.job.links.self);
    expect(job).toMatchObject({ state: 'succeeded', attempts: 1, metrics: { engine: 'wasm', threads: 1 } });
  });

  it('announces the end by signed webhooks with distinct ids', () => {
    const types = receiver.received.map(({ type }) => type);
    expect(types).toContain('model.ready');
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length);
    expect(receiver.received[0]?.data).toMatchObject({ modelId: created.model.id, jobId: created.job.id });
  });
});

describe('samples over HTTP', () => {
  it('are valid PNGs of the trained size that differ from each other and from the training picture', async () => {
    const job = await drawSamples({ count: 3, seed: 5 });
    const images = await Promise.all(samplesOf(job).map(download));
    expect(images).toHaveLength(3);
    for (const image of images)
      expect(await sharp(image).metadata()).toMatchObject({ format: 'png', ...created.model.working });
    const { width, height } = created.model.working;
    const training = await sharp(picture).resize(width, height).removeAlpha().raw().toBuffer();
    const [first, second, third] = await Promise.all(images.map(pixelsOf));
    if (first === undefined || second === undefined || third === undefined) throw new Error('expected three samples');
    for (const [a, b] of [
      [first, second],
      [second, third],
      [first, training],
    ] as const)
      expect(meanDifference(a, b)).toBeGreaterThan(1);
  });

  it('have the same bytes for the same seed, and others for another', async () => {
    const hashes = async (seed: number) =>
      Promise.all(
        samplesOf(await drawSamples({ count: 2, seed })).map(async (output) =>
          createHash('sha256')
            .update(await download(output))
            .digest('hex'),
        ),
      );
    const first = await hashes(77);
    expect(await hashes(77)).toEqual(first);
    expect(await hashes(78)).not.toEqual(first);
  });

  it('take the size that was asked for', async () => {
    const [output] = samplesOf(await drawSamples({ width: 90, height: 41, seed: 1 }));
    if (output === undefined) throw new Error('expected a sample');
    expect(await sharp(await download(output)).metadata()).toMatchObject({ width: 90, height: 41 });
  });

  it('keep large structure when they start at a finer scale', async () => {
    const { width, height } = created.model.working;
    const training = await sharp(picture).resize(width, height).removeAlpha().raw().toBuffer();
    const distance = async (startScale: number) => {
      const [output] = samplesOf(await drawSamples({ startScale, seed: 3 }));
      if (output === undefined) throw new Error('expected a sample');
      return meanDifference(await pixelsOf(await download(output)), training);
    };
    const finest = created.model.pyramid.levels.length - 1;
    expect(await distance(finest)).toBeLessThan(await distance(0));
  });

  it('are refused beyond the finest scale, with the limit named', async () => {
    const scales = created.model.pyramid.levels.length;
    const response = await fetch(`${service.url}${created.model.links.samples}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ startScale: scales }),
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'sample.start_scale',
      detail: expect.stringContaining(String(scales - 1)),
    });
  });
});

describe('deleting a model', () => {
  it('makes it and its pictures unreachable', async () => {
    const { model } = await createModel();
    expect((await fetch(service.url + model.links.self, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(service.url + model.links.self)).status).toBe(404);
    expect((await fetch(service.url + model.links.image)).status).toBe(404);
  });
});
