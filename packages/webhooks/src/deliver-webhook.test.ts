import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import type { WebhookPayload } from '@singan/contracts';
import { systemClock } from '@singan/domain';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverWebhook, MAX_BODY_BYTES } from './deliver-webhook.ts';
import { createWebhookAgent, type WebhookAgent } from './webhook-agent.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PAYLOAD: WebhookPayload = {
  type: 'job.succeeded',
  timestamp: '2026-01-02T03:04:05.678Z',
  data: {
    modelId: 'mdl_1',
    jobId: 'job_1',
    kind: 'sample',
    state: 'succeeded',
    error: null,
    progress: null,
    links: { job: 'https://singan.example/jobs/job_1', model: 'https://singan.example/models/mdl_1' },
  },
};

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let url: string;
let agent: WebhookAgent;
let received: Received[];
let answer: (response: ServerResponse, message: IncomingMessage) => void;

beforeEach(async () => {
  received = [];
  answer = (response) => void response.writeHead(204).end();
  server = createServer(async (message, response) => {
    received.push({ method: message.method, headers: message.headers, body: await text(message) });
    answer(response, message);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  agent = createWebhookAgent({ allowPrivate: true, clock: systemClock });
});
afterEach(async () => {
  await agent.close();
  server.closeAllConnections();
  server.close();
});

const deliver = (o: { payload?: WebhookPayload; to?: string; by?: WebhookAgent } = {}) =>
  deliverWebhook({ id: 'evt_1', url: o.to ?? url, secrets: [SECRET], payload: o.payload ?? PAYLOAD }, o.by ?? agent);

test('a delivery is a signed JSON post that the receiver verifies by the library', async () => {
  expect(await deliver()).toEqual({ outcome: 'delivered', status: 204 });
  const [request] = received;
  expect(request?.method).toBe('POST');
  expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'evt_1' });
  const { body = '', headers } = request ?? {};
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(PAYLOAD);
  expect(() => new Webhook(SECRET).verify(body.replace('mdl_1', 'mdl_2'), headers as Record<string, string>)).toThrow();
});

test.each([200, 201, 202, 204, 299])('the answer %i is a success', async (status) => {
  answer = (response) => void response.writeHead(status).end();
  expect(await deliver()).toEqual({ outcome: 'delivered', status });
});

test.each([400, 401, 404, 409, 429, 500, 503])('the answer %i is a failure that may be tried again', async (status) => {
  answer = (response) => void response.writeHead(status).end('no');
  expect(await deliver()).toMatchObject({ outcome: 'failed', reason: 'status', status, retryable: true });
});

test('the answer 410 is final', async () => {
  answer = (response) => void response.writeHead(410).end();
  expect(await deliver()).toMatchObject({ outcome: 'failed', reason: 'gone', status: 410, retryable: false });
});

test.each([301, 302, 303, 307, 308])('the redirect %i is not followed', async (status) => {
  answer = (response) => void response.writeHead(status, { location: url }).end();
  expect(await deliver()).toMatchObject({ outcome: 'failed', reason: 'redirect', status });
  expect(received).toHaveLength(1);
});

test('an answer that never ends is cut off, and its status counts', async () => {
  let isClosed: Promise<unknown> = Promise.resolve();
  answer = (response) => {
    isClosed = once(response, 'close');
    const write = () => {
      if (!response.destroyed && response.write(Buffer.alloc(16 * 1024))) setImmediate(write);
    };
    response.on('drain', write).writeHead(200);
    write();
  };
  const patient = createWebhookAgent({ allowPrivate: true, clock: systemClock, timeoutMs: 600_000 });
  expect(await deliver({ by: patient })).toEqual({ outcome: 'delivered', status: 200 });
  await isClosed;
  await patient.close();
});

test('a receiver that does not answer is a timeout', async () => {
  answer = () => undefined;
  const hasty = createWebhookAgent({ allowPrivate: true, clock: systemClock, timeoutMs: 50 });
  expect(await deliver({ by: hasty })).toMatchObject({ outcome: 'failed', reason: 'timeout', retryable: true });
  await hasty.close();
});

test('a receiver that hangs up, or is not there, is a failed connection', async () => {
  answer = (_response, message) => void message.socket.destroy();
  expect(await deliver()).toMatchObject({ outcome: 'failed', reason: 'connection', retryable: true });
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  expect(await deliver()).toMatchObject({
    outcome: 'failed',
    reason: 'connection',
    detail: 'no connection: ECONNREFUSED',
  });
});

test('a body of 20 kB or more is our own fault and is not sent', async () => {
  const payload = { ...PAYLOAD, data: { ...PAYLOAD.data, kind: 'x'.repeat(MAX_BODY_BYTES) } };
  await expect(deliver({ payload })).rejects.toMatchObject({ code: 'internal' });
  expect(received).toEqual([]);
});

describe('without allowPrivate', () => {
  /** A listener inside our network, and whether anyone reached it. */
  async function listenInside(): Promise<{ port: number; connections: () => number; close: () => void }> {
    let connections = 0;
    const inside = createTcpServer((socket) => {
      connections++;
      socket.destroy();
    });
    inside.listen(0, '127.0.0.1');
    await once(inside, 'listening');
    return {
      port: (inside.address() as AddressInfo).port,
      connections: () => connections,
      close: () => inside.close(),
    };
  }

  test.each([
    ['a private address', [{ address: '127.0.0.1', family: 4 }]],
    ['an address that carries one', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    [
      'a public and a private address',
      [
        { address: '1.1.1.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    ],
  ])('a name that resolves to %s is refused before anything is sent', async (_what, addresses) => {
    const inside = await listenInside();
    const strict = createWebhookAgent({ allowPrivate: false, clock: systemClock, resolve: async () => addresses });
    const result = await deliver({ to: `https://rebound.example:${inside.port}/`, by: strict });
    expect(result).toMatchObject({ outcome: 'failed', reason: 'address_refused', retryable: false });
    expect(JSON.stringify(result)).not.toContain('127.0.0.1');
    expect(inside.connections()).toBe(0);
    await strict.close();
    inside.close();
  });

  test('a literal private address and plain http are refused without asking DNS', async () => {
    const strict = createWebhookAgent({ allowPrivate: false, clock: systemClock });
    expect(await deliver({ by: strict })).toMatchObject({ outcome: 'failed', reason: 'address_refused' });
    expect(await deliver({ to: url.replace('http:', 'https:'), by: strict })).toMatchObject({
      outcome: 'failed',
      reason: 'address_refused',
    });
    expect(received).toEqual([]);
    await strict.close();
  });

  test('a name that does not resolve may be tried again', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const strict = createWebhookAgent({
      allowPrivate: false,
      clock: systemClock,
      resolve: () => Promise.reject(unknown),
    });
    expect(await deliver({ to: 'https://nowhere.example/', by: strict })).toMatchObject({
      reason: 'connection',
      detail: 'no connection: ENOTFOUND',
      retryable: true,
    });
    await strict.close();
  });
});
