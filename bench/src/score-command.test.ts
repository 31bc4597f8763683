import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeRgb, type EncodedFormat, encodeImage } from '@singan/imaging';
import { balloonsPicture, hillsPicture } from '@singan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandEnvironment } from './command.ts';
import { scoreCommand } from './score-command.ts';
import { UsageError } from './usage-error.ts';

const SIZE = { width: 72, height: 54 };
const work = mkdtempSync(path.join(tmpdir(), 'score-test-'));
afterAll(() => rm(work, { recursive: true }));

const notes: string[] = [];
const environment: CommandEnvironment = {
  engine: {},
  engineChoice: 'auto',
  sifidWeights: undefined,
  note: (line) => void notes.push(line),
  signal: new AbortController().signal,
};

const at = (...names: string[]) => path.join(work, ...names);
const score = (...args: string[]) => scoreCommand.run(args, environment);
const scoreJson = async (...args: string[]) => JSON.parse(await score(...args, '--json'));

async function put(name: string, png: Buffer, format: EncodedFormat = 'png'): Promise<void> {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), format === 'png' ? png : await encodeImage(await decodeRgb(png), format));
}

beforeAll(async () => {
  const [hills, balloons] = [await hillsPicture({ ...SIZE, seed: 1 }), await balloonsPicture({ ...SIZE, seed: 2 })];
  await put('hills.png', hills);
  await put('samples/1-same.png', hills);
  await put('samples/2-jpeg.jpg', hills, 'jpeg');
  await put('samples/3-other.webp', balloons, 'webp');
  writeFileSync(at('samples/notes.txt'), 'no picture');
  await put('reals/a.png', hills);
  await put('reals/b.png', balloons);
  await put('drawn/a.jpg', hills, 'jpeg');
  await put('drawn/b.png', balloons);
  await put('large/1.png', await hillsPicture({ width: 90, height: 60, seed: 1 }));
  await put('tiny/1.png', await hillsPicture({ width: 22, height: 22, seed: 1 }));
  mkdirSync(at('empty'));
  mkdirSync(at('damaged'));
  writeFileSync(at('damaged/1.png'), hills.subarray(0, 500));
});

describe('bench score', () => {
  it('gives the picture itself 0, its JPEG little and another picture much more, in the order of their names', async () => {
    const report = await scoreJson('--real', at('hills.png'), '--samples', at('samples'));
    expect(report.pictures).toEqual(['1-same', '2-jpeg', '3-other']);
    for (const layer of ['conv2d_2b', 'conv2d_4a']) {
      const [same, jpeg, other] = report.sifid[layer].values;
      expect(same).toBeLessThan(1e-6);
      expect(jpeg).toBeGreaterThan(same);
      expect(jpeg).toBeLessThan(other / 20);
    }
    expect(report.copyScore.values.slice(0, 2)).toEqual([1, expect.closeTo(1, 1)]);
    expect(report.copyScore.values[2]).toBeLessThan(0.2);
    expect(report.diversity).toBeGreaterThan(0.1);
  });

  it('prints a row for each picture and the three of the summary', async () => {
    const lines = (await score('--real', at('hills.png'), '--samples', at('samples'))).trimEnd().split('\n');
    expect(lines[0]).toMatch(/picture +SIFID conv2d_2b +SIFID conv2d_4a +copy score/);
    const first = lines.slice(1, 7).map((line) => line.trim().split(/ +/)[0]);
    expect(first).toEqual(['1-same', '2-jpeg', '3-other', 'mean', 'median', 'std']);
    expect(lines.slice(8)).toEqual([
      expect.stringMatching(/^diversity 0\.\d+$/),
      expect.stringMatching(/^weights nsfwjs/),
    ]);
  });

  it('scores pairs of one name, whatever their extension', async () => {
    const report = await scoreJson('--pairs', at('reals'), at('drawn'));
    expect(report).toMatchObject({ pictures: ['a', 'b'], samples: 2, diversity: null });
    const [jpeg, same] = report.sifid.conv2d_2b.values;
    expect([jpeg > 1e-4, same < 1e-6]).toEqual([true, true]);
    expect(report.sifid.conv2d_2b.mean).toBeCloseTo((jpeg + same) / 2, 12);
    expect(report.copyScore.values[1]).toBe(1);
  });

  it('compares pictures of two sizes by SIFID alone, and says so', async () => {
    notes.length = 0;
    const report = await scoreJson('--real', at('hills.png'), '--samples', at('large'));
    expect(report).toMatchObject({
      diversity: null,
      copyScore: null,
      sifid: { conv2d_2b: { mean: expect.any(Number) } },
    });
    expect(notes).toEqual([expect.stringMatching(/left out: expected samples of 72x54 px.*hills.*1 has 90x60/)]);
  });

  it.each([
    [['--real', 'hills.png', '--samples', 'nowhere'], /expected a folder of pictures, got .*nowhere/],
    [['--real', 'hills.png', '--samples', 'empty'], /expected pictures .* in .*empty, got 0 other files/],
    [['--real', 'nothing.png', '--samples', 'samples'], /expected a picture file, got .*nothing\.png/],
    [['--real', 'hills.png', '--samples', 'damaged'], /damaged.1\.png: /],
    [['--real', 'hills.png', '--samples', 'tiny'], /1: SIFID at conv2d_4a needs 23x19 px or more, got 22x22/],
    [['--pairs', 'samples', 'drawn'], /expected a sample named 1-same in .*drawn, got none/],
    [['--real', 'hills.png'], /either --real FILE --samples DIR or --pairs/],
    [['--pairs', 'reals', 'drawn', '--real', 'hills.png'], /either --real FILE --samples DIR or --pairs/],
    [['--colour', 'red'], /--colour/],
  ])('%j is answered with what was expected', async (args, message) => {
    const placed = args.map((arg) => (arg.startsWith('--') || arg === 'red' ? arg : at(arg)));
    const error = await score(...placed).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  });

  it('names the file of weights that cannot be read', async () => {
    const run = (sifidWeights: string) =>
      scoreCommand.run(['--pairs', at('reals'), at('drawn')], { ...environment, sifidWeights });
    await expect(run(at('none.safetensors'))).rejects.toThrow(/SIFID_WEIGHTS: .*none\.safetensors/);
    await expect(run(at('hills.png'))).rejects.toMatchObject({ code: 'config.invalid' });
  });

  it('explains itself', async () => {
    expect(await score('--help')).toBe(scoreCommand.usage);
  });
});
