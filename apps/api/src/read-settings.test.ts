import { loadConfig } from '@singan/config';
import { expect, test } from 'vitest';
import { pictureOrigins, readSettings } from './read-settings.ts';

const s3 = { kind: 's3', region: 'eu-west-1', bucket: 'pictures', accessKeyId: 'a', secretAccessKey: 'b' } as const;

test('a local folder needs no other origin', () => {
  expect(pictureOrigins({ kind: 'local', directory: '.data' })).toEqual([]);
});

test('signed URLs lead to the server, with or without the bucket in the host name', () => {
  const endpoint = 'http://127.0.0.1:9000';
  expect(pictureOrigins({ ...s3, endpoint, forcePathStyle: true })).toEqual(['http://127.0.0.1:9000']);
  expect(pictureOrigins({ ...s3, forcePathStyle: false })).toEqual([
    'https://pictures.s3.eu-west-1.amazonaws.com',
    'https://s3.eu-west-1.amazonaws.com',
  ]);
});

test.each([
  ['native', 8],
  ['auto', 8],
  ['wasm', 3.5],
])('a training on %s may take %d GiB of the 8 that a worker has', (ENGINE, gibibytes) => {
  const config = loadConfig({
    DATABASE_URL: 'postgres://singan@db/singan',
    REDIS_URL: 'redis://redis',
    WEBHOOK_SIGNING_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    ENGINE,
  });
  expect(readSettings(config).trainingMemoryBytes).toBe(gibibytes * 2 ** 30);
});
