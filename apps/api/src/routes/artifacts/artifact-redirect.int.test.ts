import { createS3Store } from '@singan/storage';
import { startS3 } from '@singan/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeModel } from '../../testing/requests.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

const server = await startS3();
const isMissing = 'reason' in server;

describe.skipIf(isMissing)(`content in an S3 store${isMissing ? ` (skipped: ${server.reason})` : ''}`, () => {
  let api: TestApi;
  beforeAll(async () => {
    if (isMissing) return;
    api = await startApi({}, createS3Store({ ...server, bucket: await server.createBucket() }));
  });
  afterAll(async () => {
    await api?.close();
    if (!isMissing) await server.stop();
  });

  test('is answered with a redirect to a signed URL that is kept for less time than it is good for', async () => {
    const { model } = await makeModel(api);
    const redirect = await fetch(api.url + model.links.image, { redirect: 'manual' });
    expect(redirect.status).toBe(302);
    expect(redirect.headers.get('location')).toContain('X-Amz-Signature');
    expect(redirect.headers.get('cache-control')).toBe('private, max-age=300');
    const bytes = await (await fetch(redirect.headers.get('location') ?? '')).arrayBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 40, height: 30, format: 'png' });
  });
});
