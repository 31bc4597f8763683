import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTestEnvironment } from '../environment.ts';
import { startS3 } from './start-s3.ts';
import { versitygwBinary } from './versitygw-binary.ts';

const server = await startS3();
afterAll(async () => {
  if (!('reason' in server)) await server.stop();
});

describe.skipIf('reason' in server)(
  'reason' in server ? `an S3 server (skipped: ${server.reason})` : `an S3 server (${server.source})`,
  () => {
    test('makes buckets and refuses an unknown access key with 403', async () => {
      if ('reason' in server) return;
      const bucket = await server.createBucket();
      expect(bucket).toMatch(/^test-/);
      const unknown = { ...server, accessKeyId: 'unknown' };
      const client = new S3Client({ ...unknown, credentials: unknown });
      await expect(client.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
        $metadata: { httpStatusCode: 403 },
      });
      client.destroy();
    });
  },
);

describe('where no S3 server can be had', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'singan-home-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test('the reason names what was looked for', async () => {
    const binary = await versitygwBinary({ ...readTestEnvironment({}), home, path: '/nowhere' });
    expect(binary).toEqual({ reason: expect.stringContaining('no Go client') });
  });

  test('S3_ENDPOINT without keys is an error that names them', () => {
    expect(() => readTestEnvironment({ S3_ENDPOINT: 'http://127.0.0.1:1' })).toThrow('S3_ACCESS_KEY_ID');
  });
});
