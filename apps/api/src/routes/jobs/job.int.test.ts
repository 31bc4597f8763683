import type { Job, Problem } from '@singan/contracts';
import { finishJob } from '@singan/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeModel, send } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { claim, finishScale, finishTraining } from '../../testing/work.ts';

interface JobPage {
  data: Job[];
  nextCursor: string | null;
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const post = <T>(path: string) => send<T>(api, path, { method: 'POST' });

test('a waiting job is canceled at once, and canceling it again changes nothing', async () => {
  const { job } = await makeModel(api);
  const first = await post<Job>(job.links.cancel);
  expect([first.status, first.body.state]).toEqual([200, 'canceled']);
  const again = await post<Job>(job.links.cancel);
  expect(again.body).toEqual(first.body);
});

test('a running job is asked to end, and keeps its finished scales', async () => {
  const { model, job } = await makeModel(api);
  const held = await claim(api, job.id);
  await finishScale(api, held, 0);
  const asked = await post<Job>(job.links.cancel);
  expect(asked.body).toMatchObject({ state: 'running', cancelRequested: true });
  await finishJob(api.dependencies.database, held, { state: 'canceled' });
  const scales = await send<{ data: unknown[] }>(api, model.links.scales);
  expect(scales.body.data).toHaveLength(1);
});

test('a finished job keeps its state when it is canceled', async () => {
  const { job } = await makeModel(api);
  await finishTraining(api, job.id);
  expect((await post<Job>(job.links.cancel)).body.state).toBe('succeeded');
});

test('a failed job says why, and can be retried; a succeeded one cannot', async () => {
  const { job } = await makeModel(api);
  const error = {
    code: 'training.diverged',
    title: 'The training diverged',
    detail: 'NaN at scale 0',
    retryable: false,
  };
  await finishJob(api.dependencies.database, await claim(api, job.id), { state: 'failed', error });
  expect((await send<Job>(api, job.links.self)).body).toMatchObject({ state: 'failed', error });
  const retried = await post<Job>(`${job.links.self}/retry`);
  expect([retried.status, retried.body.state]).toEqual([202, 'queued']);
  await finishTraining(api, job.id);
  const refused = await post<Problem>(`${job.links.self}/retry`);
  expect([refused.status, refused.body.code]).toEqual([409, 'job.not_retryable']);
});

test('a waiting job says its place in the queue', async () => {
  const { job } = await makeModel(api);
  const { position } = (await send<Job>(api, job.links.self)).body;
  const next = await makeModel(api);
  expect((await send<Job>(api, next.job.links.self)).body.position).toBe((position ?? 0) + 1);
});

test('following the cursor gives every job once, newest first, while new ones arrive', async () => {
  const made: string[] = [];
  for (let i = 0; i < 5; i += 1) made.push((await makeModel(api)).job.id);
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null && seen.length < made.length) {
    const path: string = `/jobs?limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const { body } = await send<JobPage>(api, path);
    seen.push(...body.data.map(({ id }) => id));
    cursor = body.nextCursor;
    await makeModel(api);
  }
  expect(seen.slice(0, 5)).toEqual([...made].reverse());
});

test('the last page has no cursor, and filters hold', async () => {
  const { model, job } = await makeModel(api);
  await post(job.links.cancel);
  const { body } = await send<JobPage>(api, `/jobs?state=canceled&kind=train&modelId=${model.id}`);
  expect([body.data.map(({ id }) => id), body.nextCursor]).toEqual([[job.id], null]);
  expect((await send<JobPage>(api, `/jobs?state=queued&modelId=${model.id}`)).body.data).toEqual([]);
});

test.each([
  ['limit=0', 422, 'request.field_invalid'],
  ['state=sleeping', 422, 'request.field_invalid'],
  ['stat=queued', 422, 'request.field_invalid'],
])('a wrong query is refused: %s', async (query, status, code) => {
  const { status: got, body } = await send<Problem>(api, `/jobs?${query}`);
  expect([got, body.code]).toEqual([status, code]);
});

test('a cursor that is none of ours is refused', async () => {
  const { status, body } = await send<Problem>(api, '/jobs?cursor=%00nonsense');
  expect(status, body.detail).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
});

test.each(['', '/cancel', '/retry', '/events'])('a job that does not exist is 404: /jobs/:id%s', async (action) => {
  const method = action === '/cancel' || action === '/retry' ? 'POST' : 'GET';
  const { status, body } = await send<Problem>(api, `/jobs/job_01J0000000000000000000000A${action}`, { method });
  expect([status, body.code]).toEqual([404, 'job.not_found']);
});
