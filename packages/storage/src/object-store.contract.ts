import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failsWith, keysOf } from './contract-helpers.ts';
import { describeKeys } from './object-key.contract.ts';
import type { ObjectStore } from './object-store.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Changes the bytes of an object behind the store's back, keeping their number and the recorded checksum. */
  corrupt(key: string): Promise<void>;
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function bytesOf(store: ObjectStore, key: string, range?: { start: number; end: number }): Promise<Buffer> {
  return Buffer.concat(await (await store.stream(key, range)).body.toArray());
}

/** What every ObjectStore must do; run by the tests of each. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest;
    let store: ObjectStore;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    });
    afterAll(() => under?.close());

    describeRoundTrips(() => store);
    describeRanges(() => store);
    describeWriters(() => store);
    describeLists(() => store);
    describeKeys(() => store);

    test('a changed object is storage.corrupt, read whole or as a stream', async () => {
      await store.put('corrupt/one', randomBytes(200_000));
      await under.corrupt('corrupt/one');
      await expect(store.get('corrupt/one')).rejects.toEqual(failsWith('storage.corrupt'));
      await expect(bytesOf(store, 'corrupt/one')).rejects.toEqual(failsWith('storage.corrupt'));
    });

    test('check passes on a store that can be used', async () => {
      await store.check();
    });
  });
}

function describeRoundTrips(storeOf: () => ObjectStore): void {
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

function describeRanges(storeOf: () => ObjectStore): void {
  const bytes = Buffer.from('0123456789');
  beforeAll(async () => {
    await storeOf().put('range/ten', bytes);
    await storeOf().put('range/none', Buffer.alloc(0));
  });

  test.each([
    [0, 0, '0'],
    [0, 9, '0123456789'],
    [3, 5, '345'],
    [9, 9, '9'],
    [8, 400, '89'],
  ])('bytes %i-%i of ten are "%s"', async (start, end, expected) => {
    const { body, ...sizes } = await storeOf().stream('range/ten', { start, end });
    expect(sizes).toEqual({ sizeBytes: 10, bodyBytes: expected.length });
    expect(Buffer.concat(await body.toArray()).toString()).toBe(expected);
  });

  test.each([
    [10, 12],
    [5, 4],
    [-1, 3],
    [0.5, 3],
    [0, Number.NaN],
  ])('bytes %d-%d of ten are artifact.range_invalid', async (start, end) => {
    await expect(storeOf().stream('range/ten', { start, end })).rejects.toEqual(failsWith('artifact.range_invalid'));
  });

  test('an empty object has no range', async () => {
    await expect(storeOf().stream('range/none', { start: 0, end: 0 })).rejects.toEqual(
      failsWith('artifact.range_invalid'),
    );
  });
}

function describeWriters(storeOf: () => ObjectStore): void {
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

function describeLists(storeOf: () => ObjectStore): void {
  test('a list holds more than a thousand keys, each once, and only those of the prefix', async () => {
    const keys = Array.from({ length: 1050 }, (_, index) => `many/${index % 7}/${index}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => storeOf().put(key, Buffer.from(key))));
    }
    expect(await keysOf(storeOf(), 'many/')).toEqual([...keys].sort());
    expect(await keysOf(storeOf(), 'many/3/1')).toEqual(keys.filter((key) => key.startsWith('many/3/1')).sort());
    await storeOf().delete(keys);
    expect(await keysOf(storeOf(), 'many/')).toEqual([]);
  });

  test('a listed object has the size of its bytes', async () => {
    await storeOf().put('sized/object', Buffer.alloc(1234));
    for await (const { modifiedAt, ...listed } of storeOf().list('sized/')) {
      expect(listed).toEqual({ key: 'sized/object', sizeBytes: 1234 });
      expect(modifiedAt).toBeInstanceOf(Date);
    }
  });

  test.each(['nothing/here', 'nothing/', 'noth'])('a list of %s, where nothing is, is empty', async (prefix) => {
    expect(await keysOf(storeOf(), prefix)).toEqual([]);
  });
}
