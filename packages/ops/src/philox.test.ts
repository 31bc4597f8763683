import { beforeAll, describe, expect, it } from 'vitest';
import { philox4x32, philoxNormal, philoxUniform } from './philox.ts';
import { standardNormal } from './standard-normal.ts';
import { expectNoLeak, startComposedOnCpu } from './test-support.ts';

/** Random123's kat_vectors for philox4x32, 10 rounds. */
const KNOWN_ANSWERS = [
  { counter: [0, 0, 0, 0], key: [0, 0], answer: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    answer: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    answer: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

describe('philox4x32', () => {
  it.each(KNOWN_ANSWERS)('gives the published answer for counter $counter', ({ counter, key, answer }) => {
    const block = Uint32Array.from(counter);
    philox4x32(block, key[0] as number, key[1] as number);
    expect([...block]).toEqual(answer);
  });
});

describe('philoxNormal', () => {
  const count = 1 << 20;
  const values = philoxNormal(count, { seed: 7, stream: 3, counter: [11, 0] });
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;

  it('has the moments of the standard normal distribution within five standard errors', () => {
    const error = 5 / Math.sqrt(count);
    expect(Math.abs(moment(1))).toBeLessThan(error);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(error * Math.sqrt(2));
    expect(Math.abs(moment(3))).toBeLessThan(error * Math.sqrt(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(error * Math.sqrt(96));
  });

  it.each([
    [1, 0.317310508],
    [2, 0.045500264],
    [3, 0.002699796],
    [4, 0.0000633425],
  ])('has the share of values beyond %d standard deviations', (limit, share) => {
    const beyond = values.filter((value) => Math.abs(value) > limit).length;
    expect(Math.abs(beyond - share * count)).toBeLessThan(5 * Math.sqrt(share * count));
  });

  it('has uncorrelated neighbours', () => {
    for (const lag of [1, 2, 3, 4]) {
      const product = values.subarray(lag).reduce((sum, value, i) => sum + value * (values[i] as number), 0);
      expect(Math.abs(product / count)).toBeLessThan(5 / Math.sqrt(count));
    }
  });

  it('begins a longer draw with the shorter one', () => {
    const key = { seed: 1, stream: 2, counter: [3, 4] } as const;
    expect([...philoxNormal(7, key)]).toEqual([...philoxNormal(40, key).subarray(0, 7)]);
  });

  it('depends on every word of its key', () => {
    const base = { seed: 1, stream: 2, counter: [3, 4] } as const;
    const keys = [
      base,
      { ...base, seed: 2 },
      { ...base, stream: 1 },
      { ...base, counter: [4, 4] as const },
      { ...base, counter: [3, 5] as const },
    ];
    expect(new Set(keys.map((key) => philoxNormal(4, key).join())).size).toBe(keys.length);
  });
});

describe('philoxUniform', () => {
  it('fills [0, 1) evenly', () => {
    const values = philoxUniform(100_000, { seed: 5, stream: 0, counter: [0, 0] });
    const buckets = new Array<number>(10).fill(0);
    for (const value of values) buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] as number) + 1;
    expect(buckets).toHaveLength(10);
    for (const bucket of buckets) expect(Math.abs(bucket - 10_000)).toBeLessThan(5 * Math.sqrt(9_000));
  });
});

describe('standardNormal', () => {
  beforeAll(startComposedOnCpu);

  it('is philoxNormal in the given shape', () => {
    const key = { seed: 4_000_000_000, stream: 9, counter: [5, 6] } as const;
    const noise = standardNormal({ shape: [1, 3, 5, 2], ...key });
    expect(noise.shape).toEqual([1, 3, 5, 2]);
    expect([...noise.dataSync()]).toEqual([...philoxNormal(30, key)]);
  });

  it('refuses numbers that are not unsigned 32-bit integers', () => {
    expect(() => standardNormal({ shape: [1], seed: -1, stream: 0, counter: [0, 0] })).toThrow(/got seed -1/);
    expect(() => standardNormal({ shape: [1], seed: 0, stream: 0, counter: [2 ** 32, 0] })).toThrow(/4294967296/);
  });

  it('leaves no tensor behind', () => {
    expectNoLeak(() => standardNormal({ shape: [4, 4], seed: 1, stream: 0, counter: [0, 0] }).dispose());
  });
});
