import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identify, isRunning, stopProcess } from './process-identity.ts';

test('a running process has an identity, which ends with it', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0) ?? '';
  expect(isRunning(identity)).toBe(true);
  await stopProcess(identity, { signal: 'SIGTERM', timeoutMs: 10_000 });
  expect(isRunning(identity)).toBe(false);
});

test('another process with the same pid is not taken for the one that was meant', () => {
  const own = identify(process.pid);
  expect(own).not.toBeNull();
  expect(isRunning(`${process.pid} 1`)).toBe(false);
});

test('a process that ignores the request is ended', async () => {
  const script = "process.on('SIGTERM', () => {}); process.stdout.write('ready'); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  await stopProcess(identify(child.pid ?? 0) ?? '', { signal: 'SIGTERM', timeoutMs: 200 });
  expect(await exit).toEqual([null, 'SIGKILL']);
});
