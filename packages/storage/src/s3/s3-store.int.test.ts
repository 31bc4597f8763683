import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort, startS3 } from '@singan/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeObjectStore } from '../object-store.contract.ts';
import type { ObjectStore } from '../object-store.ts';
import { createS3Store, type S3StoreOptions } from './s3-store.ts';

const server = await startS3();

/** Passes requests on, but loses the server's answers to the first PUTs. */
async function startLossyProxy(
  target: string,
  losses: number,
): Promise<{ endpoint: string; putsSeen: () => number; close: () => Promise<void> }> {
  let puts = 0;
  const proxy = createServer((incoming, outgoing) => {
    const isLost = incoming.method === 'PUT' && ++puts <= losses;
    const { method = 'GET', headers } = incoming;
    const forward = request(new URL(incoming.url ?? '/', target), { method, headers }, (answer) => {
      if (isLost) {
        answer.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.once('error', () => incoming.socket.destroy());
    incoming.pipe(forward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const close = async () => {
    proxy.closeAllConnections();
    proxy.close();
    await once(proxy, 'close');
  };
  return { endpoint: `http://127.0.0.1:${port}`, putsSeen: () => puts, close };
}

async function keysOf(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}

if ('reason' in server) {
  describe.skip(`the S3 store (skipped: ${server.reason})`, () => {
    test('needs an S3 server', () => undefined);
  });
} else {
  const { accessKeyId, secretAccessKey } = server;
  const access = {
    endpoint: server.endpoint,
    region: server.region,
    accessKeyId,
    secretAccessKey,
    forcePathStyle: true,
  };
  afterAll(() => server.stop());

  describeObjectStore(`the S3 store on ${server.source}`, async () => {
    const bucket = await server.createBucket();
    const store = createS3Store({ ...access, bucket, prefix: 'some/folder' });
    const raw = new S3Client({ ...access, credentials: access });
    return {
      store,
      corrupt: async (key) => {
        const place = { Bucket: bucket, Key: `some/folder/${key}` };
        const { Body, Metadata } = await raw.send(new GetObjectCommand(place));
        const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
        bytes.write('changed', 1000);
        await raw.send(new PutObjectCommand({ ...place, Body: bytes, Metadata }));
      },
      close: async () => {
        raw.destroy();
        await store.close();
      },
    };
  });

  describe('the S3 store', () => {
    let options: S3StoreOptions;
    let store: ObjectStore;
    beforeAll(async () => {
      options = { ...access, bucket: await server.createBucket() };
      store = createS3Store(options);
    });
    afterAll(() => store?.close());

    test('a signed address gives the object with the wanted type and name, and nothing else', async () => {
      await store.put('signed/picture', Buffer.from('pixels'), { contentType: 'image/png' });
      const url = await store.signedUrl('signed/picture', {
        expiresSeconds: 60,
        contentType: 'image/webp',
        filename: 'Bäume "1".webp',
      });
      const answer = await fetch(url ?? '');
      expect(await answer.text()).toBe('pixels');
      expect(answer.headers.get('content-type')).toBe('image/webp');
      expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''B%C3%A4ume%20%221%22.webp");
      const other = new URL(url ?? '');
      other.pathname = other.pathname.replace('picture', 'other');
      expect((await fetch(other)).status).toBe(403);
    });

    test('a store with a prefix sees only its own objects', async () => {
      const inner = createS3Store({ ...options, prefix: 'inner' });
      await store.put('outside', Buffer.from('1'));
      await inner.put('inside', Buffer.from('2'));
      expect(await keysOf(inner)).toEqual(['inside']);
      expect((await store.get('inner/inside')).toString()).toBe('2');
      await inner.close();
    });

    test.each([
      ['wrong secret', { secretAccessKey: 'wrong' }],
      ['unknown key', { accessKeyId: 'unknown' }],
      ['missing bucket', { bucket: 'no-such-bucket' }],
    ])('a %s is storage.refused', async (_name, change) => {
      const refused = createS3Store({ ...options, ...change });
      const expected = expect.objectContaining({ code: 'storage.refused' });
      await expect(refused.check()).rejects.toEqual(expected);
      await expect(refused.put('x', Buffer.from('x'))).rejects.toEqual(expected);
      await expect(refused.get('x')).rejects.toEqual(expected);
      await refused.close();
    });

    test('a conditional put whose answer got lost is sent again and still counts as won', async () => {
      const proxy = await startLossyProxy(server.endpoint, 1);
      const behindProxy = createS3Store({ ...options, endpoint: proxy.endpoint });
      await behindProxy.put('lost-answer', Buffer.from('mine'), { ifAbsent: true });
      expect(proxy.putsSeen()).toBe(2);
      await expect(behindProxy.put('lost-answer', Buffer.from('mine'), { ifAbsent: true })).rejects.toMatchObject({
        code: 'storage.exists',
      });
      await behindProxy.close();
      await proxy.close();
    });

    test('where every answer to a conditional put is lost, the object that is there tells who won', async () => {
      const proxy = await startLossyProxy(server.endpoint, Number.POSITIVE_INFINITY);
      const behindProxy = createS3Store({ ...options, endpoint: proxy.endpoint });
      await behindProxy.put('all-lost', Buffer.from('mine'), { ifAbsent: true });
      expect((await store.get('all-lost')).toString()).toBe('mine');
      const second = behindProxy.put('all-lost', Buffer.from('other'), { ifAbsent: true });
      await expect(second).rejects.toMatchObject({ code: 'storage.exists' });
      await expect(behindProxy.put('all-lost', Buffer.from('x'))).rejects.toMatchObject({
        code: 'storage.unavailable',
      });
      await behindProxy.close();
      await proxy.close();
    });

    test('a server that does not answer is storage.unavailable', async () => {
      const absent = createS3Store({ ...options, endpoint: `http://127.0.0.1:${await freePort()}` });
      const expected = expect.objectContaining({ code: 'storage.unavailable' });
      await expect(absent.check()).rejects.toEqual(expected);
      await expect(absent.put('x', Buffer.from('x'))).rejects.toEqual(expected);
      await expect(keysOf(absent)).rejects.toEqual(expected);
      await absent.close();
    });
  });
}
