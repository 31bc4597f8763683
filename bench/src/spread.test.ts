import { describe, expect, it } from 'vitest';
import { readBenchArguments } from './arguments.ts';
import { measure, spreadOf } from './spread.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

const DEFAULTS = { size: '60x80', channels: 32, iterations: 5, engine: 'auto' } as const;

describe('the spread of a measurement', () => {
  it('has the middle value, or the mean of the two in the middle', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ min: 1, median: 2.5, max: 4 });
  });

  it('leaves out the first two runs, which warm up', async () => {
    const runs: number[] = [];
    const seconds = await measure(async (run) => runs.push(run), { count: 3, warmUpSeconds: 0 });
    expect(runs).toEqual([1, 2, 3, 4, 5]);
    expect(seconds).toHaveLength(3);
  });
});

describe('the arguments of a benchmark', () => {
  it('read a size as height by width', () => {
    expect(readBenchArguments(['--size', '25x33', '--json'], DEFAULTS)).toMatchObject({
      height: 25,
      width: 33,
      channels: 32,
      isJson: true,
    });
  });

  it.each([
    [['--size', '60']],
    [['--size', '5x80']],
    [['--channels', '0']],
    [['--iterations', '-1']],
    [['--threads', '2']],
    [['extra']],
  ])('refuse %j', (args) => {
    expect(() => readBenchArguments(args, DEFAULTS)).toThrow(UsageError);
  });
});

describe('the table', () => {
  it('aligns columns and keeps four digits', () => {
    expect(
      table([
        { engine: 'wasm', s: 0.123456 },
        { engine: 'native', s: 2 },
      ]),
    ).toBe('engine       s\n  wasm  0.1235\nnative       2');
  });
});
