import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withFileLock } from './file-lock.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'singan-lock-'));
  path = join(directory, 'lock');
});
afterEach(() => rm(directory, { recursive: true }));

test('actions under one lock never overlap, also when one fails', async () => {
  let running = 0;
  let most = 0;
  const action = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (most > 0) throw new Error('failed on purpose');
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => withFileLock(path, { timeoutMs: 10_000 }, action)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
  expect(most).toBe(1);
  expect(await readdir(directory)).toEqual([]);
});

test('the lock of a process that died is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(path, String(pid));
  expect(await withFileLock(path, { timeoutMs: 10_000 }, async () => 'done')).toBe('done');
});

test('the lock of a living process is waited for, up to the limit', async () => {
  await writeFile(path, String(process.pid));
  await expect(withFileLock(path, { timeoutMs: 50 }, async () => 'done')).rejects.toThrow(path);
});
