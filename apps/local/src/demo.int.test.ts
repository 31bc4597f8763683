import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hillsPicture } from '@singan/testkit';
import { afterAll, expect, test } from 'vitest';
import { CommandProcess, processesOf } from './testing/start-process.ts';

const TINY = '{"maxSize":40,"minSize":16,"iterations":2,"baseChannels":4,"maxChannels":4}';
const work = mkdtempSync(path.join(tmpdir(), 'demo-test-'));
afterAll(() => rm(work, { recursive: true }));

test('the demo writes its pictures and a summary, prints the summary as the last line, and leaves nothing running', async () => {
  const image = path.join(work, 'hills.png');
  writeFileSync(image, await hillsPicture({ width: 48, height: 36, seed: 2 }));
  const out = path.join(work, 'out');
  const args = ['--image', image, '--config', TINY, '--out', out, '--engine', 'wasm', '--seed', '5', '--json'];
  const command = new CommandProcess('demo.mjs', args);
  expect(await command.exited).toEqual({ code: 0, signal: null });

  const samples = [1, 2, 3, 4, 5, 6].map((n) => `sample-${n}.png`);
  const expected = ['contact-sheet.png', 'reconstruction.png', ...samples, 'summary.json', 'training.png'];
  expect((await readdir(out)).sort()).toEqual(expected);
  const line = command.stdout.trimEnd().split('\n');
  expect(line).toHaveLength(1);
  const summary = JSON.parse(line[0] ?? '');
  expect(summary).toMatchObject({
    folder: out,
    engine: 'wasm',
    seed: 5,
    model: { working: { width: 40, height: 30 } },
  });
  expect(summary.scales).toHaveLength(3);
  expect(JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8'))).toMatchObject(summary);
  expect(command.output).toMatch(/scale 3\/3 {2}40x30 {2}2\/2 {2}100\.0 %/);
  expect(processesOf(dataDirectory(command))).toEqual([]);
  expect(existsSync(dataDirectory(command))).toBe(false);
});

test.each([
  ['paint', ['input.png', 'painting.png']],
  ['edit', ['edit-unmasked.png', 'edit.png', 'input-mask.png', 'input.png']],
  ['animate', ['animation.webp']],
  ['super-resolve', ['super-resolution.png', 'truth.png']],
])('the demo of %s writes what it sent and what came of it', async (task, files) => {
  const out = path.join(work, task);
  const args = ['--task', task, '--config', TINY, '--out', out, '--engine', 'wasm', '--seed', '5', '--json'];
  const command = new CommandProcess('demo.mjs', args);
  expect(await command.exited).toEqual({ code: 0, signal: null });
  const always = ['contact-sheet.png', 'reconstruction.png', 'summary.json', 'training.png'];
  expect((await readdir(out)).sort()).toEqual([...always, ...files].sort());
  const summary = JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8'));
  expect(summary).toMatchObject({ task, request: { seed: 5 } });
  const metrics = task === 'super-resolve' ? { rmse: expect.any(Number), psnr: expect.any(Number) } : undefined;
  expect(summary.outputs[0].metrics).toEqual(metrics);
});

test('an interrupted demo stops everything and removes its data', async () => {
  const out = path.join(work, 'interrupted');
  const command = new CommandProcess('demo.mjs', ['--preset', 'paper', '--out', out]);
  await command.said(/scale 1\/\d/);
  command.process.kill('SIGINT');
  expect(await command.exited).toEqual({ code: 130, signal: null });
  expect(command.output).toContain('Interrupted: everything is stopped.');
  expect(processesOf(dataDirectory(command))).toEqual([]);
  expect(existsSync(dataDirectory(command))).toBe(false);
});

test('a picture that cannot be trained on ends the demo with the reason', async () => {
  const image = path.join(work, 'text.png');
  writeFileSync(image, 'this is no picture');
  const command = new CommandProcess('demo.mjs', ['--image', image, '--out', path.join(work, 'refused')]);
  expect(await command.exited).toEqual({ code: 1, signal: null });
  expect(command.output).toContain('POST /models was answered with 415');
});

test('a file that is not there is named before anything starts', async () => {
  const command = new CommandProcess('demo.mjs', ['--image', '/no/such/file.png']);
  expect(await command.exited).toEqual({ code: 1, signal: null });
  expect(command.output).toMatch(/^--image: ENOENT.*\/no\/such\/file\.png/);
});

function dataDirectory(command: CommandProcess): string {
  return /Data +(\S+)/.exec(command.output)?.[1] ?? '';
}
