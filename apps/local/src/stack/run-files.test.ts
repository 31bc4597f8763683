import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RunFiles } from './run-files.ts';

const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
afterAll(() => other.kill('SIGKILL'));

function directory(): string {
  return mkdtempSync(path.join(tmpdir(), 'run-files-'));
}

test('a second instance is refused by name of the first one', () => {
  const folder = directory();
  new RunFiles(folder).lock(other.pid ?? 0);
  expect(() => new RunFiles(folder).lock(process.pid)).toThrow(`in use by another instance (process ${other.pid})`);
});

test('the lock of a killed instance is taken over, also when its pid is in use again', () => {
  const folder = directory();
  writeFileSync(path.join(folder, 'start.pid'), `${process.pid} 1`);
  new RunFiles(folder).lock(process.pid);
  expect(() => new RunFiles(folder).lock(process.pid)).toThrow('in use');
});

test('a lock that was given back is free', () => {
  const files = new RunFiles(directory());
  files.lock(process.pid);
  files.unlock();
  expect(() => files.lock(process.pid)).not.toThrow();
});

test('a noted process is known while it runs and until it is forgotten', () => {
  const folder = directory();
  const files = new RunFiles(folder);
  files.note('api', process.pid);
  expect(files.running('api')).toContain(String(process.pid));
  files.forget('api');
  expect(files.running('api')).toBeNull();
  writeFileSync(path.join(folder, 'redis.pid'), `${process.pid} 1`);
  expect(files.running('redis')).toBeNull();
});
