import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { failsWith, keysOf, MIB } from './contract-helpers.ts';
import type { ObjectStore } from './object-store.ts';

/** Several writers at once, and writers that fail. */
export function describeWriters(storeOf: () => ObjectStore): void {
  test('the last of two puts is what is read, with its content type', async () => {
    await storeOf().put('twice', Buffer.from('first, and longer'), { contentType: 'text/plain' });
    await storeOf().put('twice', Buffer.from('second'), { contentType: 'text/html' });
    expect((await storeOf().get('twice')).toString()).toBe('second');
    expect(await storeOf().head('twice')).toMatchObject({ sizeBytes: 6, contentType: 'text/html' });
  });

  test('of many puts of one key at once one is read whole', async () => {
    const versions = Array.from({ length: 8 }, (_, version) => Buffer.alloc(100_000 + version, version));
    await Promise.all(versions.map((bytes) => storeOf().put('raced', bytes)));
    const winner = await storeOf().get('raced');
    expect(versions.some((bytes) => bytes.equals(winner))).toBe(true);
  });

  test.each([10, 6 * MIB, 9 * MIB])(
    'of ten puts of %i bytes with ifAbsent at once exactly one wins',
    async (sizeBytes) => {
      const key = `absent-only/${sizeBytes}`;
      const versions = Array.from({ length: 10 }, (_, version) => Buffer.alloc(sizeBytes, version));
      const outcomes = await Promise.allSettled(versions.map((bytes) => storeOf().put(key, bytes, { ifAbsent: true })));
      const winners = outcomes.flatMap((outcome, version) => (outcome.status === 'fulfilled' ? [version] : []));
      expect(winners).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toEqual(failsWith('storage.exists'));
      expect((await storeOf().get(key)).at(0)).toBe(winners[0]);
    },
  );

  test('a put whose source fails throws that failure and leaves what was there', async () => {
    const failure = new Error('the upload was cut off');
    const torn = () =>
      Readable.from(
        (async function* () {
          yield randomBytes(6 * MIB);
          throw failure;
        })(),
      );
    await expect(storeOf().put('torn/new', torn())).rejects.toBe(failure);
    expect(await storeOf().head('torn/new')).toBeNull();
    await storeOf().put('torn/old', Buffer.from('kept'));
    await expect(storeOf().put('torn/old', torn())).rejects.toBe(failure);
    expect((await storeOf().get('torn/old')).toString()).toBe('kept');
    expect(await keysOf(storeOf(), 'torn')).toEqual(['torn/old']);
  });

  test('an object is not visible before its last byte', async () => {
    const source = new PassThrough();
    const put = storeOf().put('slow/object', source);
    source.write(randomBytes(MIB));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await storeOf().head('slow/object')).toBeNull();
    expect(await keysOf(storeOf(), 'slow')).toEqual([]);
    source.end();
    await put;
    expect(await storeOf().head('slow/object')).toMatchObject({ sizeBytes: MIB });
  });

  test('puts and deletes of neighbours in one folder never fail', async () => {
    const writer = async (name: number) => {
      for (let round = 0; round < 20; round++) {
        const key = `busy/deep/folder/${name}`;
        await storeOf().put(key, Buffer.from(key));
        await storeOf().delete([key]);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)));
    expect(await keysOf(storeOf(), 'busy')).toEqual([]);
  });
}
