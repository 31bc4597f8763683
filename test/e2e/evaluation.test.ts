import type { Evaluation, Job, Model, Scale } from '@singan/contracts';
import { waitForEvent } from '@singan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followJob } from './support/job-stream.ts';
import { type RunningService, SIGNING_SECRET, startService } from './support/running-service.ts';
import { ServiceCalls } from './support/service-calls.ts';
import { trainingPicture } from './support/training-picture.ts';
import { type ReceivedWebhook, startWebhookReceiver } from './support/webhook-receiver.ts';

const TINY = {
  minSize: 16,
  maxSize: 44,
  iterations: 4,
  finestIterations: 3,
  baseChannels: 4,
  maxChannels: 4,
  seed: 11,
};
const LAYERS = ['conv2d_2b', 'conv2d_4a'] as const;

let service: RunningService;
let calls: ServiceCalls;
let model: Model;

beforeAll(async () => {
  const [started, picture] = await Promise.all([startService('wasm'), trainingPicture()]);
  service = started;
  calls = new ServiceCalls(service.url);
  model = await calls.train(picture, TINY);
});
afterAll(() => service?.stop());

async function evaluate(body: object): Promise<Evaluation> {
  const { evaluation } = await calls.run(model.links.evaluations, body);
  if (evaluation === null) throw new Error('expected the finished job to have an evaluation');
  return evaluation;
}

/** The numbers, without what tells two evaluations apart. */
function scoresOf({ sifid, diversity, copyScore }: Evaluation) {
  return { sifid, diversity, copyScore };
}

describe('a trained model', () => {
  it('tells of each scale how close its pictures came, in its own answer and in the list of scales', async () => {
    const { scales } = await calls.read<Model>(model.links.self);
    const { data } = await calls.read<{ data: Scale[] }>(model.links.scales);
    expect(data).toEqual(scales);
    expect(data).toHaveLength(model.pyramid.levels.length);
    for (const { sifid } of data) {
      expect(sifid?.reconstruction.conv2d_2b).toBeGreaterThan(0);
      expect(sifid?.sample.conv2d_2b).toBeGreaterThan(0);
    }
    expect(data.at(-1)?.sifid?.sample.conv2d_4a).toBeGreaterThan(0);
  });
});

describe('an evaluation', () => {
  it('scores samples by every metric, and is shown in its job, in the model and in the list', async () => {
    const evaluation = await evaluate({ samples: 3, seed: 5 });
    expect(evaluation).toMatchObject({ modelId: model.id, startScale: 0, samples: 3, seed: 5 });
    for (const layer of LAYERS) expect(evaluation.sifid?.[layer]?.values).toHaveLength(3);
    expect(evaluation.diversity).toBeGreaterThan(0);
    expect(evaluation.copyScore?.values).toHaveLength(3);
    expect((await calls.read<Model>(model.links.self)).evaluations).toContainEqual(evaluation);
    const list = await calls.read<{ data: Evaluation[] }>(model.links.evaluations);
    expect(list.data[0]).toEqual(evaluation);
  });

  it('of the same seed finds the same, of another seed or start scale something else', async () => {
    const scores = scoresOf(await evaluate({ samples: 2, seed: 6 }));
    expect(scoresOf(await evaluate({ samples: 2, seed: 6 }))).toEqual(scores);
    for (const body of [
      { samples: 2, seed: 7 },
      { samples: 2, seed: 6, startScale: -1 },
    ]) {
      expect(scoresOf(await evaluate(body)).sifid).not.toEqual(scores.sifid);
    }
    const newest = (await calls.read<Model>(model.links.self)).evaluations ?? [];
    expect(newest.map(({ startScale }) => startScale)).toEqual([0, model.pyramid.levels.length - 1]);
  });

  it('is followed by its event stream and announced by a webhook, as other jobs are', async () => {
    const receiver = await startWebhookReceiver(SIGNING_SECRET);
    try {
      const announced = waitForEvent<[ReceivedWebhook]>(receiver.deliveries, 'webhook', {
        timeoutMs: 60_000,
        what: 'the webhook',
      });
      const webhook = { url: receiver.url, events: ['job.succeeded'] };
      const job = await calls.run(model.links.evaluations, { samples: 2, metrics: ['diversity'], webhook });
      const [{ type, data }] = await announced;
      expect([type, data.kind, data.jobId]).toEqual(['job.succeeded', 'evaluate', job.id]);
      const events = await followJob(service.url + job.links.events);
      expect(events.map((event) => event.data.state).filter(Boolean)).toEqual([
        'queued',
        'running',
        'succeeded',
        'succeeded',
      ]);
      const ended = await calls.read<Job>(job.links.self);
      expect(ended.progress).toMatchObject({ iteration: 2, iterations: 2, fraction: 1 });
    } finally {
      await receiver.stop();
    }
  });

  it('is refused with the limit when it asks for too much', async () => {
    const response = await calls.post(model.links.evaluations, { samples: 1000 });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: 'samples must be at most 100, got 1000.' });
  });
});
