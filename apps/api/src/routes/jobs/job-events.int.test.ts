import { finishJob, recordLog, recordProgress, retryJob } from '@singan/database';
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeModel, send } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { claim, finishScale } from '../../testing/work.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const PROGRESS = { scale: 0, scales: 2, iteration: 1, iterations: 4, fraction: 0.1, etaSeconds: 3, losses: null };

interface Follower {
  readonly status: number;
  readonly contentType: string | null;
  /** The next event that `accept` takes; events before it are passed over. Null at the end of the stream. */
  next(accept?: (event: EventSourceMessage) => boolean): Promise<EventSourceMessage | null>;
  rest(): Promise<EventSourceMessage[]>;
  disconnect(): void;
}

async function follow(jobId: string, headers: Record<string, string> = {}): Promise<Follower> {
  const connection = new AbortController();
  const response = await fetch(`${api.url}/jobs/${jobId}/events`, { headers, signal: connection.signal });
  const events = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  const read = async () => (await events.read()).value ?? null;
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    next: async (accept = () => true) => {
      let event = await read();
      while (event !== null && !accept(event)) event = await read();
      return event;
    },
    rest: async () => {
      const all: EventSourceMessage[] = [];
      for (let event = await read(); event !== null; event = await read()) all.push(event);
      return all;
    },
    disconnect: () => connection.abort(),
  };
}

const typeIs = (type: string) => (event: EventSourceMessage) => event.event === type;

test('past events come first, then each as it happens, and the stream ends after done', async () => {
  const { database } = api.dependencies;
  const { job } = await makeModel(api);
  const held = await claim(api, job.id);
  const follower = await follow(job.id);
  expect([follower.status, follower.contentType]).toEqual([200, 'text/event-stream']);
  expect(await follower.next((event) => JSON.parse(event.data).state === 'running')).toMatchObject({ event: 'state' });

  await recordProgress(database, held, PROGRESS);
  const progress = await follower.next(typeIs('progress'));
  expect(JSON.parse(progress?.data ?? '')).toEqual({ progress: PROGRESS });
  expect(progress?.id).toBeUndefined();

  await finishScale(api, held, 0);
  const preview = await follower.next(typeIs('preview'));
  expect(JSON.parse(preview?.data ?? '')).toMatchObject({
    scale: 0,
    links: { content: expect.stringMatching(/^\/artifacts\/art_/) },
  });

  const error = { code: 'training.diverged', title: 'The training diverged', detail: 'NaN', retryable: false };
  await finishJob(database, held, { state: 'failed', error });
  const last = (await follower.rest()).at(-1);
  expect(last?.event).toBe('done');
  expect(JSON.parse(last?.data ?? '')).toEqual({ state: 'failed', error });
});

test('the numbers of the events rise by one, and Last-Event-ID goes on after the one it names', async () => {
  const { job } = await makeModel(api);
  const held = await claim(api, job.id);
  await recordLog(api.dependencies.database, held, 'info', 'one');
  await recordLog(api.dependencies.database, held, 'warn', 'two');
  await finishJob(api.dependencies.database, held, { state: 'canceled' });

  const all = await (await follow(job.id)).rest();
  expect(all.map(({ id }) => Number(id))).toEqual(all.map((_event, index) => index + 1));
  const tail = await (await follow(job.id, { 'last-event-id': '2' })).rest();
  expect(tail).toEqual(all.slice(2));
});

test('a reader that has everything of an ended job is told not to come back', async () => {
  const { job } = await makeModel(api);
  await send(api, job.links.cancel, { method: 'POST' });
  const all = await (await follow(job.id)).rest();
  expect(all.at(-1)?.event).toBe('done');
  const { status } = await send(api, job.links.events, { headers: { 'last-event-id': String(all.at(-1)?.id) } });
  expect(status).toBe(204);
});

test('a Last-Event-ID that is none of ours replays everything', async () => {
  const { job } = await makeModel(api);
  await send(api, job.links.cancel, { method: 'POST' });
  expect((await (await follow(job.id, { 'last-event-id': 'x' })).rest())[0]?.id).toBe('1');
});

test('the end of an earlier run does not end the stream of a retried job', async () => {
  const { database } = api.dependencies;
  const { job } = await makeModel(api);
  await send(api, job.links.cancel, { method: 'POST' });
  await retryJob(database, job.id);
  const follower = await follow(job.id);
  expect(await follower.next((event) => JSON.parse(event.data).state === 'canceled')).not.toBeNull();
  const held = await claim(api, job.id);
  expect(await follower.next((event) => JSON.parse(event.data).state === 'running')).not.toBeNull();
  await finishJob(database, held, { state: 'canceled' });
  expect((await follower.rest()).at(-1)?.event).toBe('done');
});

test('of progress that changes faster than a reader can tell, the newest always arrives', async () => {
  const { database } = api.dependencies;
  const { job } = await makeModel(api);
  const held = await claim(api, job.id);
  const follower = await follow(job.id);
  await follower.next(typeIs('state'));
  for (let iteration = 1; iteration <= 20; iteration += 1)
    await recordProgress(database, held, { ...PROGRESS, iteration });
  let count = 0;
  const newest = await follower.next((event) => {
    if (event.event === 'progress') count += 1;
    return event.event === 'progress' && JSON.parse(event.data).progress.iteration === 20;
  });
  expect(newest).not.toBeNull();
  expect(count).toBeLessThan(20);
  follower.disconnect();
});

test('a reader that leaves is unsubscribed', async () => {
  const { job } = await makeModel(api);
  const before = api.subscriptions();
  const follower = await follow(job.id);
  await follower.next();
  expect(api.subscriptions()).toBe(before + 1);
  follower.disconnect();
  await expect.poll(() => api.subscriptions()).toBe(before);
});

test('a deleted model ends the streams of its jobs', async () => {
  const { model, job } = await makeModel(api);
  const follower = await follow(job.id);
  await follower.next();
  await send(api, model.links.self, { method: 'DELETE' });
  await follower.rest();
});

test('closing the server ends the streams that are open', async () => {
  const other = await startApi();
  const { job } = await makeModel(other);
  const response = await fetch(`${other.url}${job.links.events}`);
  const closing = other.close();
  await response.text();
  await closing;
});
