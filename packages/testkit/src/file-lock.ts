import { readFile, rm, writeFile } from 'node:fs/promises';
import { eventually } from './signals.ts';

/**
 * Runs an action while holding a lock file with our process id. A lock whose process is gone is taken over.
 * Two processes may take over the same dead lock at once: use it to save double work, not for correctness.
 */
export async function withFileLock<T>(path: string, o: { timeoutMs: number }, action: () => Promise<T>): Promise<T> {
  await eventually(() => tryLock(path), { timeoutMs: o.timeoutMs, intervalMs: 100, what: `the lock ${path}` });
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (owner > 0 && !isRunning(owner)) await rm(path, { force: true });
  return false;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
