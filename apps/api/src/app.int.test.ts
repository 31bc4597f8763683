import type { Problem, QueueStatus } from '@singan/contracts';
import { eventually } from '@singan/testkit';
import Ajv2020 from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeModel, send } from './testing/requests.ts';
import { startApi, type TestApi } from './testing/start-api.ts';

interface Readiness {
  status: string;
  checks: { database: string; redis: string; store: string };
}
interface Operation {
  readonly responses: Record<string, unknown>;
  readonly parameters?: { name: string; in: string }[];
}
interface OpenApi {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, object> };
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ROUTES = [
  'delete /models/{id}',
  'get /artifacts/{id}',
  'get /artifacts/{id}/content',
  'get /jobs',
  'get /jobs/{id}',
  'get /jobs/{id}/events',
  'get /livez',
  'get /models',
  'get /models/{id}',
  'get /models/{id}/evaluations',
  'get /models/{id}/scales',
  'get /queues',
  'get /readyz',
  'post /jobs/{id}/cancel',
  'post /jobs/{id}/retry',
  'post /models',
  'post /models/{id}/animations',
  'post /models/{id}/edits',
  'post /models/{id}/evaluations',
  'post /models/{id}/harmonizations',
  'post /models/{id}/paintings',
  'post /models/{id}/samples',
  'post /models/{id}/super-resolutions',
];

test('an address that does not exist is a problem with all its members', async () => {
  const { status, headers, body } = await send<Problem>(api, '/nothing?here=1', { method: 'PUT' });
  expect(status).toBe(404);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(body).toEqual({
    type: 'urn:singan:problem:route.not_found',
    title: 'No such address',
    status: 404,
    detail: 'There is no PUT /nothing; /docs and /openapi.json list what there is.',
    code: 'route.not_found',
    requestId: headers.get('x-request-id'),
  });
  expect(body.requestId).toMatch(/^req_[0-9A-Z]{26}$/);
});

test('an address that is no address is a problem too', async () => {
  const answer = await api.app.inject('/jobs/%E0%A4%A');
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([400, 'request.invalid']);
});

test('the OpenAPI document lists every route and describes what each can answer', async () => {
  const { body } = await send<OpenApi>(api, '/openapi.json');
  expect(body.openapi).toMatch(/^3\.1\.\d$/);
  expect(body.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
  const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
  expect(operations.map(({ name }) => name).sort()).toEqual(ROUTES);
  for (const { name, path, operation } of operations) {
    const statuses = Object.keys(operation.responses);
    expect(
      statuses.every((status) => /^([1-5]\d\d|[1-5]XX|default)$/.test(status)),
      `${name}: ${statuses}`,
    ).toBe(true);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    const used = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(
      declared.map((parameter) => parameter.name),
      name,
    ).toEqual(used);
  }
});

test('every schema of the OpenAPI document is valid JSON Schema 2020-12, and every reference leads somewhere', async () => {
  const { body } = await send<OpenApi>(api, '/openapi.json');
  const ajv = new Ajv2020.default({ strict: false, validateFormats: false });
  ajv.addSchema(body, 'document');
  for (const name of Object.keys(body.components.schemas)) {
    expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` }), name).not.toThrow();
  }
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((m) => m[1]);
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter((name) => !(name ?? '' in body.components.schemas))).toEqual([]);
});

test('fields of the document say what they mean', async () => {
  const { body } = await send<OpenApi>(api, '/openapi.json');
  expect(JSON.stringify(body.components.schemas)).toContain('First scale with fresh noise');
  expect(JSON.stringify(body.paths['/models'])).toContain('Longer side of the working image');
});

test('answers agree with the document: a model as the API shows it fits its schema', async () => {
  const { model } = await makeModel(api);
  const { body } = await send<OpenApi>(api, '/openapi.json');
  const ajv = new Ajv2020.default({ strict: false, validateFormats: false });
  ajv.addSchema(body, 'document');
  const validate = ajv.compile({ $ref: 'document#/components/schemas/Model' });
  expect(validate(model), ajv.errorsText(validate.errors)).toBe(true);
});

test('the page and the guide are served with policies that let them run, and nothing inline', async () => {
  const page = await fetch(`${api.url}/`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  const addresses = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(addresses).not.toHaveLength(0);
  for (const address of addresses) expect((await fetch(api.url + address)).status, address).toBe(200);
  const docs = await fetch(`${api.url}/docs`);
  expect([docs.status, docs.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("style-src 'self'"),
  ]);
});

test('every module that the page imports is served', async () => {
  const pending = ['/page/page.js'];
  for (const address of pending) {
    const response = await fetch(api.url + address);
    expect([response.status, response.headers.get('content-type')], address).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
    const imports = [...(await response.text()).matchAll(/from '\.\/([^']+)'/g)].map((match) => `/page/${match[1]}`);
    pending.push(...imports.filter((module) => !pending.includes(module)));
  }
  expect(pending.length).toBeGreaterThan(3);
});

test('health tells each dependency', async () => {
  expect((await send(api, '/livez')).body).toEqual({ status: 'alive' });
  const { status, body } = await send<Readiness>(api, '/readyz');
  expect([status, body]).toEqual([200, { status: 'ready', checks: { database: 'up', redis: 'up', store: 'up' } }]);
});

test('without Redis requests are accepted all the same, and dispatched when it is back', async () => {
  const own = await startApi();
  try {
    await own.redis.kill();
    const { job } = await makeModel(own);
    expect(job.state).toBe('queued');
    const { status, body } = await send<Readiness>(own, '/readyz');
    expect([status, body.status, body.checks.redis]).toEqual([200, 'degraded', 'down']);
    const waiting = await send<QueueStatus>(own, '/queues');
    expect(waiting.body.undispatched).toBe(1);
    await own.redis.restart();
    const probe = async () => (await send<QueueStatus>(own, '/queues')).body.undispatched === 0;
    await eventually(probe, { timeoutMs: 30_000, what: 'the outbox to drain' });
  } finally {
    await own.close();
  }
});

test('too many requests are refused with the time to wait; health is not counted', async () => {
  const limited = await startApi({ requestsPerMinute: 2 });
  try {
    const first = await send(limited, '/models');
    expect([first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual(['2', '1']);
    await send(limited, '/models');
    const third = await send<Problem>(limited, '/models');
    expect([third.status, third.body.code]).toEqual([429, 'request.rate_limited']);
    expect(third.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send(limited, '/livez')).status).toBe(200);
  } finally {
    await limited.close();
  }
});

test('an overloaded service refuses work at once, and still says that it is alive', async () => {
  const overloaded = await startApi({ overload: { maxEventLoopDelayMs: 1e6, maxDatabaseMs: 0 } });
  try {
    const { status, headers, body } = await send<Problem>(overloaded, '/models');
    expect([status, body.code]).toEqual([503, 'service.overloaded']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send(overloaded, '/livez')).status).toBe(200);
  } finally {
    await overloaded.close();
  }
});

test('a fault of the service says nothing of its inside', async () => {
  const { model } = await makeModel(api);
  const { store } = api.dependencies;
  await store.delete([`models/${model.id}/source.png`]);
  const { status, body } = await send<Problem>(api, model.links.image);
  expect([status, body.code]).toEqual([500, 'storage.not_found']);
  expect(JSON.stringify(body)).not.toContain('source.png');
  expect(body.detail).toContain(body.requestId);
});
