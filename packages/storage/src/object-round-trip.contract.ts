import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { bytesOf, failsWith, keysOf, MIB } from './contract-helpers.ts';
import type { ObjectStore } from './object-store.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What was put is what is read, until it is deleted. */
export function describeRoundTrips(storeOf: () => ObjectStore): void {
  test.each([0, 1, 4095, 4096, 300_000])('%i bytes come back as they were put', async (sizeBytes) => {
    const bytes = randomBytes(sizeBytes);
    const key = `round/${sizeBytes}`;
    const stored = await storeOf().put(key, bytes, { contentType: 'image/png' });
    expect(stored).toEqual({ sizeBytes, sha256: sha256(bytes) });
    expect((await storeOf().get(key)).equals(bytes)).toBe(true);
    expect((await bytesOf(storeOf(), key)).equals(bytes)).toBe(true);
    const head = await storeOf().head(key);
    expect(head).toMatchObject({ sizeBytes, sha256: stored.sha256, contentType: 'image/png' });
    expect(Math.abs(Date.now() - (head?.modifiedAt.getTime() ?? 0))).toBeLessThan(60_000);
  });

  test.each([0, 5, 20 * MIB + 7])(
    'a stream of %i bytes of unknown length comes back as it was put',
    async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      const pieces = function* () {
        for (let at = 0; at < sizeBytes; at += 100_003) yield bytes.subarray(at, at + 100_003);
      };
      const key = `streamed/${sizeBytes}`;
      expect(await storeOf().put(key, Readable.from(pieces()))).toEqual({ sizeBytes, sha256: sha256(bytes) });
      const { body, ...sizes } = await storeOf().stream(key);
      expect(sizes).toEqual({ sizeBytes, bodyBytes: sizeBytes });
      expect(sha256(Buffer.concat(await body.toArray()))).toBe(sha256(bytes));
    },
  );

  test('a large buffer is stored whole', async () => {
    const bytes = randomBytes(17 * MIB);
    await storeOf().put('large/buffer', bytes);
    expect(sha256(await storeOf().get('large/buffer'))).toBe(sha256(bytes));
  });

  test('an absent object has no head, and reading it is storage.not_found', async () => {
    expect(await storeOf().head('absent/one')).toBeNull();
    await expect(storeOf().get('absent/one')).rejects.toEqual(failsWith('storage.not_found'));
    await expect(storeOf().stream('absent/one')).rejects.toEqual(failsWith('storage.not_found'));
  });

  test('what is only the folder of objects is no object', async () => {
    await storeOf().put('folder/inner/object', Buffer.from('x'));
    expect(await storeOf().head('folder/inner')).toBeNull();
    await expect(storeOf().get('folder/inner')).rejects.toEqual(failsWith('storage.not_found'));
    await storeOf().delete(['folder/inner']);
    expect((await storeOf().get('folder/inner/object')).toString()).toBe('x');
  });

  test('a body that is closed unread leaves the store usable', async () => {
    await storeOf().put('unread', randomBytes(MIB));
    for (let round = 0; round < 60; round++) {
      const { body } = await storeOf().stream('unread');
      body.destroy();
      await once(body, 'close');
    }
    expect((await storeOf().get('unread')).length).toBe(MIB);
  });

  test('deleting removes objects, and absent keys are fine', async () => {
    await storeOf().put('gone/a/b/c', Buffer.from('1'));
    await storeOf().put('gone/d', Buffer.from('2'));
    await storeOf().delete(['gone/a/b/c', 'gone/never', 'never/there/at/all']);
    expect(await keysOf(storeOf(), 'gone/')).toEqual(['gone/d']);
    await storeOf().delete(['gone/a/b/c', 'gone/d']);
    await storeOf().delete([]);
    expect(await keysOf(storeOf(), 'gone')).toEqual([]);
    await storeOf().put('gone/a', Buffer.from('a key may be an object where a folder was'));
    expect(await keysOf(storeOf(), 'gone')).toEqual(['gone/a']);
  });
}
