import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { balloonsPicture, hillsPicture } from '@singan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandEnvironment } from './command.ts';
import { reproduceCommand } from './reproduce-command.ts';
import { UsageError } from './usage-error.ts';

const TINY = ['iterations=2', 'minSize=16', 'baseChannels=4', 'maxChannels=4'];
const work = mkdtempSync(path.join(tmpdir(), 'reproduce-test-'));
afterAll(() => rm(work, { recursive: true }));

const at = (...names: string[]) => path.join(work, ...names);
const read = (...names: string[]) => readFileSync(at(...names));
const report = (out: string) => JSON.parse(read(out, 'report.json').toString());

interface RunOptions {
  readonly out: string;
  readonly set?: readonly string[];
  readonly samples?: number;
  readonly images?: string;
  /** Stops when a line says it. */
  readonly stopAt?: RegExp;
}

async function run({ out, set = [], samples = 2, images = 'images', stopAt }: RunOptions) {
  const controller = new AbortController();
  const notes: string[] = [];
  const environment: CommandEnvironment = {
    engine: { nativeThreads: 1 },
    engineChoice: 'auto',
    sifidWeights: undefined,
    signal: controller.signal,
    note: (line) => {
      notes.push(line);
      if (stopAt?.test(line)) controller.abort();
    },
  };
  const args = ['--images', at(images), '--preset', 'quick', '--max-size', '32', '--out', at(out)];
  const output = await reproduceCommand.run(
    [...args, '--samples', `${samples}`, '--set', ...TINY, ...set],
    environment,
  );
  return { output, notes };
}

beforeAll(async () => {
  for (const folder of ['images', 'others', 'mixed']) mkdirSync(at(folder));
  const size = { width: 40, height: 30 };
  writeFileSync(at('images', 'hills.png'), await hillsPicture({ ...size, seed: 1 }));
  writeFileSync(at('images', 'balloons.png'), await balloonsPicture({ ...size, seed: 2 }));
  writeFileSync(at('mixed', 'hills.png'), await hillsPicture({ ...size, seed: 1 }));
  writeFileSync(at('mixed', 'a-speck.png'), await hillsPicture({ width: 12, height: 9, seed: 1 }));
  writeFileSync(at('others', 'hills.png'), await hillsPicture({ ...size, seed: 3 }));
  await run({ out: 'whole' });
}, 120_000);

describe('bench reproduce', () => {
  it('trains on every picture and reports the scores from both start scales, with a sheet of samples', async () => {
    const { config, pictures, means, samples } = report('whole');
    expect(samples).toBe(2);
    expect(config).toMatchObject({ preset: 'quick', maxSize: 32, iterations: 2, baseChannels: 4, seed: 1 });
    expect(pictures.map(({ name }: { name: string }) => name)).toEqual(['balloons', 'hills']);
    for (const { sets, scaleSeconds, wholeSeconds, width, height } of pictures) {
      expect([width, height]).toEqual([32, 24]);
      expect(sets).toHaveLength(2);
      for (const set of sets) expect(set).toMatchObject({ samples: 2, diversity: expect.any(Number) });
      expect(Math.min(...scaleSeconds)).toBeGreaterThan(0);
      expect(wholeSeconds).toBeGreaterThan(scaleSeconds.reduce((a: number, b: number) => a + b));
    }
    const values = pictures.map((one: { sets: never[] }) => (one.sets[1] as never as SifidOf).sifid.conv2d_2b.mean);
    expect(means['SIFID conv2d_2b, from 1']).toBeCloseTo((values[0] + values[1]) / 2, 10);
    const markdown = read('whole', 'report.md').toString();
    expect(markdown).toContain('| [hills](hills/samples.png) | 32x24 |');
    expect(markdown).toContain(`| ${means['SIFID conv2d_2b, from 1'].toPrecision(3)} |`);
    const files = readdirSync(at('whole', 'hills'));
    expect(files.filter((name) => name.endsWith('.safetensors'))).toHaveLength(pictures[0].scaleSeconds.length);
    expect(read('whole', 'hills', 'samples.png').subarray(1, 4).toString()).toBe('PNG');
  });

  it('does nothing again that is done, and says the same', async () => {
    const before = { report: report('whole'), times: timesOf('whole', 'hills') };
    const { output } = await run({ out: 'whole' });
    expect(report('whole')).toEqual(before.report);
    expect(timesOf('whole', 'hills')).toEqual(before.times);
    expect(output).toBe(read('whole', 'report.md').toString());
  });

  it('goes on where it was interrupted, to the same models and scores', async () => {
    const first = await run({ out: 'resumed', stopAt: /scale 1 of/ });
    expect(first.output).toMatch(/^Interrupted: /);
    expect(readdirSync(at('resumed', 'balloons'))).toContain('checkpoint-1.safetensors');
    const second = await run({ out: 'resumed', stopAt: /^hills/ });
    expect(second.notes[1]).toMatch(/scale 2 of/);
    expect(report('resumed').pictures).toHaveLength(1);
    await run({ out: 'resumed' });
    for (const [index, { name, scaleSeconds, sets }] of report('resumed').pictures.entries()) {
      for (const scale of scaleSeconds.keys()) {
        const file = `scale-${scale}.safetensors`;
        expect(read('resumed', name, file).equals(read('whole', name, file))).toBe(true);
      }
      expect(sets).toEqual(report('whole').pictures[index].sets);
    }
    expect(readdirSync(at('resumed', 'balloons')).filter((name) => /checkpoint|unfinished/.test(name))).toEqual([]);
  });

  it('scores anew, without training, when more samples are asked for', async () => {
    await run({ out: 'more' });
    const before = timesOf('more', 'hills');
    await run({ out: 'more', samples: 3 });
    expect(report('more').pictures[0].sets[0]).toMatchObject({ samples: 3 });
    const after = timesOf('more', 'hills');
    expect(after['scale-0.safetensors']).toBe(before['scale-0.safetensors']);
    expect(after['scores.json']).not.toBe(before['scores.json']);
  });

  it('goes on with the other pictures where one cannot be trained on, and says so', async () => {
    const { output } = await run({ out: 'mixed-out', images: 'mixed' });
    const { pictures, failures } = report('mixed-out');
    expect(pictures.map(({ name }: { name: string }) => name)).toEqual(['hills']);
    expect(failures).toEqual([{ name: 'a-speck', reason: expect.stringMatching(/12x9/) }]);
    expect(output).toContain('No result for a-speck: ');
  });

  it('refuses other settings, and another picture of the same name, in the same folder', async () => {
    const changed = run({ out: 'whole', set: ['learningRate=0.001', 'pyramid={"rule":"reference"}'] });
    await expect(changed).rejects.toThrow(
      /begun with other settings: .*pyramid \{"rule":"paper"\}, now \{"rule":"reference"\}.*learningRate 0.0005, now 0.001/,
    );
    await expect(run({ out: 'whole', images: 'others' })).rejects.toThrow(/belongs to another picture named hills/);
  });

  it.each([
    ['colour=3', /colour/],
    ['iterations=0', /iterations/],
    ['iterations', /expected key=value such as iterations=500, got "iterations"/],
    ['preset=slow', /preset/],
  ])('--set %s is refused', async (setting, message) => {
    const error = await run({ out: 'refused', set: [setting] }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  });

  it('says what it needs', async () => {
    const environment = {} as CommandEnvironment;
    await expect(reproduceCommand.run(['--images', work], environment)).rejects.toThrow('--images DIR, --preset NAME');
    await expect(reproduceCommand.run(['surplus'], environment)).rejects.toThrow("Unexpected argument 'surplus'");
    expect(await reproduceCommand.run(['--help'], environment)).toBe(reproduceCommand.usage);
  });
});

interface SifidOf {
  readonly sifid: { readonly conv2d_2b: { readonly mean: number } };
}

function timesOf(...names: string[]): Record<string, number> {
  const folder = at(...names);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).mtimeMs]));
}
