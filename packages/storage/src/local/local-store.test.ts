import { mkdtemp, open, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeObjectStore } from '../object-store.contract.ts';
import type { ObjectStore } from '../object-store.ts';
import { createLocalStore } from './local-store.ts';

const makeFolder = () => mkdtemp(join(tmpdir(), 'singan-store-'));

describeObjectStore('the local store', async () => {
  const directory = await makeFolder();
  return {
    store: createLocalStore({ directory }),
    corrupt: async (key) => {
      const file = await open(join(directory, 'objects', key), 'r+');
      await file.write(Buffer.from('changed'), 0, 7, 1000);
      await file.close();
    },
    close: () => rm(directory, { recursive: true }),
  };
});

describe('the local store', () => {
  let directory: string;
  let store: ObjectStore;
  beforeEach(async () => {
    directory = await makeFolder();
    store = createLocalStore({ directory });
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('keeps its objects for the next process', async () => {
    await store.put('models/one', Buffer.from('weights'), { contentType: 'application/octet-stream' });
    const next = createLocalStore({ directory });
    expect((await next.get('models/one')).toString()).toBe('weights');
    expect(await next.head('models/one')).toMatchObject({ contentType: 'application/octet-stream' });
  });

  test.each([0, 10, 255, 256, 300])(
    'an object cut to %i bytes is storage.corrupt to every reader',
    async (sizeBytes) => {
      await store.put('cut', Buffer.alloc(1000, 1));
      await truncate(join(directory, 'objects', 'cut'), sizeBytes);
      const corrupt = expect.objectContaining({ code: 'storage.corrupt' });
      await expect(store.get('cut')).rejects.toEqual(corrupt);
      await expect(store.stream('cut')).rejects.toEqual(corrupt);
      await expect(store.head('cut')).rejects.toEqual(corrupt);
    },
  );

  test('a key cannot be an object and a folder at once', async () => {
    await store.put('a', Buffer.from('object'));
    await store.put('b/c', Buffer.from('in a folder'));
    const refused = expect.objectContaining({ code: 'storage.key_invalid' });
    await expect(store.put('a/b', Buffer.from('x'))).rejects.toEqual(refused);
    await expect(store.put('b', Buffer.from('x'))).rejects.toEqual(refused);
    expect(await store.head('a/b')).toBeNull();
    expect((await store.get('a')).toString()).toBe('object');
  });

  test('deleting the last object of a folder removes the folder', async () => {
    await store.put('x/y/z', Buffer.from('1'));
    await store.delete(['x/y/z']);
    expect(await readdir(join(directory, 'objects'))).toEqual([]);
  });

  test('leaves no unfinished file behind, and tidies those of dead processes after a day', async () => {
    const unfinished = join(directory, 'unfinished');
    await store.put('first', Buffer.from('1'));
    expect(await readdir(unfinished)).toEqual([]);
    await writeFile(join(unfinished, 'old'), 'half');
    await writeFile(join(unfinished, 'fresh'), 'half');
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    await utimes(join(unfinished, 'old'), twoDaysAgo, twoDaysAgo);
    await createLocalStore({ directory }).put('second', Buffer.from('2'));
    expect(await readdir(unfinished)).toEqual(['fresh']);
  });

  test('has no signed addresses', async () => {
    await store.put('one', Buffer.from('1'));
    expect(await store.signedUrl('one', { expiresSeconds: 60 })).toBeNull();
  });

  test('check fails where its folder cannot be made', async () => {
    const file = join(directory, 'a-file');
    await writeFile(file, '');
    await expect(createLocalStore({ directory: file }).check()).rejects.toMatchObject({ name: 'AppError' });
  });
});
