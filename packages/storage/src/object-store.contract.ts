import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, failsWith, keysOf } from './contract-helpers.ts';
import { describeKeys } from './object-key.contract.ts';
import { describeRanges } from './object-range.contract.ts';
import { describeRoundTrips } from './object-round-trip.contract.ts';
import type { ObjectStore } from './object-store.ts';
import { describeWriters } from './object-writer.contract.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Changes the bytes of an object behind the store's back, keeping their number and the recorded checksum. */
  corrupt(key: string): Promise<void>;
  close(): Promise<void>;
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
