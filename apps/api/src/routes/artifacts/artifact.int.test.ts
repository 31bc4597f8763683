import { createHash } from 'node:crypto';
import type { Artifact, Model, Problem } from '@singan/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeModel, send } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
let model: Model;
let artifact: Artifact;
let content: Buffer;
beforeAll(async () => {
  api = await startApi();
  ({ model } = await makeModel(api));
  content = Buffer.from(await (await fetch(api.url + model.links.image)).arrayBuffer());
  artifact = (await send<Artifact>(api, model.links.image.replace('/content', ''))).body;
});
afterAll(() => api.close());

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  fetch(api.url + artifact.links.content, { method, headers });

test('an artifact says what it is', () => {
  expect(artifact).toMatchObject({
    kind: 'source',
    modelId: model.id,
    contentType: 'image/png',
    width: 40,
    height: 30,
  });
  expect(artifact.sizeBytes).toBe(content.length);
  expect(artifact.sha256).toBe(createHash('sha256').update(content).digest('hex'));
});

test('its bytes come with a tag, a name and leave to keep them for ever', async () => {
  const { status, headers } = await get();
  expect(status).toBe(200);
  expect(headers.get('etag')).toBe(`"${artifact.sha256}"`);
  expect(headers.get('cache-control')).toContain('immutable');
  expect(headers.get('content-type')).toBe('image/png');
  expect(headers.get('content-length')).toBe(String(content.length));
  expect(headers.get('content-disposition')).toBe(`inline; filename="source-${artifact.id}.png"`);
});

test('who has them already gets 304 without a body', async () => {
  const response = await get({ 'if-none-match': `W/"${artifact.sha256}"` });
  expect([response.status, await response.text()]).toEqual([304, '']);
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
});

test.each([
  ['bytes=0-9', 0, 9],
  ['bytes=10-', 10, null],
  ['bytes=-5', -5, null],
])('a part of them: %s', async (range, first, last) => {
  const response = await get({ range });
  const expected = first < 0 ? content.subarray(first) : content.subarray(first, last === null ? undefined : last + 1);
  const start = first < 0 ? content.length + first : first;
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe(`bytes ${start}-${last ?? content.length - 1}/${content.length}`);
  expect(Buffer.from(await response.arrayBuffer()).equals(expected)).toBe(true);
});

test('a part that does not exist is refused with the size', async () => {
  const response = await get({ range: `bytes=${content.length}-` });
  const problem = (await response.json()) as Problem;
  expect([response.status, problem.code]).toEqual([416, 'artifact.range_invalid']);
  expect(response.headers.get('content-range')).toBe(`bytes */${content.length}`);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
});

test('a range of another version is answered with the whole', async () => {
  expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  expect((await get({ range: 'bytes=0-9', 'if-range': `"${artifact.sha256}"` })).status).toBe(206);
});

test('HEAD says the same without the bytes', async () => {
  const response = await get({}, 'HEAD');
  expect([response.status, response.headers.get('etag')]).toEqual([200, `"${artifact.sha256}"`]);
  expect(response.headers.get('content-length')).toBe(String(content.length));
});

test('an artifact that does not exist is 404', async () => {
  const { status, body } = await send<Problem>(api, '/artifacts/art_01J0000000000000000000000A/content');
  expect([status, body.code]).toEqual([404, 'artifact.not_found']);
});
