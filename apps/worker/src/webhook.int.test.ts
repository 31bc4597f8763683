import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookPayloadSchema } from '@singan/contracts';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deferred } from './host/deferred.ts';
import { SIGNING_SECRET, TestServices } from './testing/test-services.ts';
import { tinyTraining } from './testing/tiny-training.ts';
import { WorkerProcess } from './testing/worker-process.ts';

let services: TestServices;
let receiver: { server: Server; url: string };
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
let onDelivery = (): void => {};

beforeAll(async () => {
  services = await TestServices.start();
  receiver = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    response.end();
    onDelivery();
  });
});
afterAll(async () => {
  receiver.server.close();
  await services.stop();
});

async function listen(handler: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

test('a receiver that never answers does not hold up SIGTERM', async () => {
  const isWaiting = deferred<void>();
  const { server, url } = await listen(() => isWaiting.resolve());
  await services.createModel(await tinyTraining(1), { webhook: { url, events: ['job.started'] } });
  const worker = new WorkerProcess({ ...services.environment, PATH: '/usr/bin:/bin' });
  await isWaiting.promise;
  worker.process.kill('SIGTERM');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  server.closeAllConnections();
  server.close();
});

test('what a training announces arrives signed, so that the receiver can verify it', async () => {
  const hasAll = deferred<void>();
  onDelivery = () => {
    if (received.length === 3) hasAll.resolve();
  };
  const { modelId, jobId } = await services.createModel(await tinyTraining(1), {
    webhook: { url: receiver.url, events: ['job.started', 'job.succeeded', 'model.ready'] },
  });
  const worker = await services.startWorker();
  await hasAll.promise;
  await worker.close();
  const verifier = new Webhook(SIGNING_SECRET);
  const payloads = received.map(({ headers, body }) =>
    webhookPayloadSchema.parse(verifier.verify(body, headers as Record<string, string>)),
  );
  expect(payloads.map((payload) => payload.type).sort()).toEqual(['job.started', 'job.succeeded', 'model.ready']);
  for (const payload of payloads) expect(payload.data).toMatchObject({ modelId, jobId, kind: 'train' });
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
});
