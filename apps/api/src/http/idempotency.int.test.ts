import type { Job, Model, Problem } from '@singan/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formOf, makeModel, postJson, postModel, TINY_CONFIG, tinyPicture } from '../testing/requests.ts';
import { startApi, type TestApi } from '../testing/start-api.ts';
import { claim, finishScale } from '../testing/work.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test('the same form with the same key makes one model, and gets the first answer again', async () => {
  const parts = { image: await tinyPicture(), config: TINY_CONFIG, name: 'once' };
  const first = await postModel(api, parts, { 'idempotency-key': 'form-1' });
  const before = await api.traces();
  const second = await postModel(api, parts, { 'idempotency-key': 'form-1' });
  expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect(await api.traces()).toEqual(before);
});

test('a replay has the bytes of the first answer', async () => {
  const image = await tinyPicture();
  const send = async () => {
    const body = formOf({ image, config: TINY_CONFIG });
    const response = await fetch(`${api.url}/models`, {
      method: 'POST',
      body,
      headers: { 'idempotency-key': 'bytes' },
    });
    return { type: response.headers.get('content-type'), text: await response.text() };
  };
  const first = await send();
  expect(first.type).toBe('application/json; charset=utf-8');
  expect(await send()).toEqual(first);
});

test('an answer that an older version kept, as an object and without fields that came later, is sent as it was', async () => {
  const parts = { image: await tinyPicture(), config: TINY_CONFIG };
  const headers = { 'idempotency-key': 'older' };
  const { body: first } = await postModel(api, parts, headers);
  const older = `(body #>> '{}')::jsonb #- '{job,evaluation}' #- '{model,links,evaluations}'`;
  await api.sql(`UPDATE idempotency_keys SET body = ${older} WHERE key = 'older'`);
  const { status, body } = await postModel(api, parts, headers);
  const { evaluation: _, ...job } = first.job;
  const { evaluations: __, ...links } = first.model.links;
  expect([status, body]).toEqual([202, { job, model: { ...first.model, links } }]);
});

test('another config, name or picture under the same key is refused', async () => {
  const image = await tinyPicture();
  await postModel(api, { image, config: TINY_CONFIG, name: 'a' }, { 'idempotency-key': 'form-2' });
  const otherPicture = Buffer.concat([image, Buffer.from([0])]);
  for (const parts of [
    { image, config: TINY_CONFIG, name: 'b' },
    { image, config: { ...TINY_CONFIG, iterations: 5 }, name: 'a' },
    { image: otherPicture, config: TINY_CONFIG, name: 'a' },
  ]) {
    const { status, body } = await postModel<Problem>(api, parts, { 'idempotency-key': 'form-2' });
    expect([status, body.code]).toEqual([422, 'idempotency.key_reused']);
  }
});

test('a key whose first request is still being answered is refused with 409', async () => {
  const parts = { image: await tinyPicture(), config: TINY_CONFIG };
  const headers = { 'idempotency-key': 'in-flight' };
  await postModel(api, parts, headers);
  await api.sql(`UPDATE idempotency_keys SET status = NULL, body = NULL, headers = NULL WHERE key = 'in-flight'`);
  const before = await api.traces();
  const { status, body } = await postModel<Problem>(api, parts, headers);
  expect([status, body.code]).toEqual([409, 'idempotency.in_flight']);
  expect(await api.traces()).toEqual(before);
});

test('of several equal requests at once exactly one makes a model', async () => {
  const image = await tinyPicture();
  const before = await api.traces();
  const send = () => postModel(api, { image, config: TINY_CONFIG }, { 'idempotency-key': 'burst' });
  const answers = await Promise.all([send(), send(), send(), send()]);
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status !== 409)).not.toHaveLength(0);
  expect(statuses.every((status) => status === 202 || status === 409)).toBe(true);
  const after = await api.traces();
  const [{ models: modelsAfter }, { models: modelsBefore }] = [after.rows, before.rows];
  expect((modelsAfter ?? 0) - (modelsBefore ?? 0)).toBe(1);
  expect(after.objects.length - before.objects.length).toBe(1);
});

test('a refused request does not use up its key', async () => {
  const headers = { 'idempotency-key': 'second-try' };
  const refused = await postModel<Problem>(api, { image: Buffer.from('no picture at all') }, headers);
  expect(refused.status).toBe(415);
  const accepted = await postModel(api, { image: await tinyPicture(), config: TINY_CONFIG }, headers);
  expect(accepted.status).toBe(202);
});

test('drawing samples is idempotent too; equal JSON with another order of keys is the same request', async () => {
  const { model, job } = await makeModel(api);
  await finishScale(api, await claim(api, job.id), 0);
  const headers = { 'idempotency-key': 'samples-1' };
  const path = model.links.samples;
  const first = await postJson<{ job: Job }>(api, path, { count: 2, seed: 5 }, headers);
  const second = await postJson<{ job: Job }>(api, path, { seed: 5, count: 2 }, headers);
  expect(second.body).toEqual(first.body);
  const other = await postJson<Problem>(api, path, { seed: 6, count: 2 }, headers);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency.key_reused']);
});

test.each(['', 'with space', 'x'.repeat(256)])(
  'a key that is empty, long or has spaces is refused: %#',
  async (key) => {
    const { status, body } = await postModel<Problem & { model: Model }>(
      api,
      { image: await tinyPicture() },
      { 'idempotency-key': key },
    );
    expect([status, body.code]).toEqual([400, 'request.invalid']);
  },
);
