import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Names a process for good: its pid and when it began, because pids are used again.
 * Null when there is none, or only an unreaped one.
 */
export function identify(pid: number): string | null {
  const began = existsSync('/proc/self/stat') ? beginningFromProc(pid) : beginningFromPs(pid);
  return began === null ? null : `${pid} ${began}`;
}

export function isRunning(identity: string): boolean {
  return identify(pidOf(identity)) === identity;
}

export function pidOf(identity: string): number {
  return Number.parseInt(identity, 10);
}

/** @returns whether it was gone within the time */
export async function waitForEnd(identity: string, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Asks a process to end, and ends it when it does not in time. */
export async function stopProcess(identity: string, o: { signal: NodeJS.Signals; timeoutMs: number }): Promise<void> {
  signalProcess(identity, o.signal);
  if (await waitForEnd(identity, o.timeoutMs)) return;
  signalProcess(identity, 'SIGKILL');
  await waitForEnd(identity, o.timeoutMs);
}

function signalProcess(identity: string, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(pidOf(identity), signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function beginningFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces; after it come the state (field 3) and 19 fields later the start in clock ticks (field 22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isUnreaped = fields[0] === 'Z' || fields[0] === 'X';
    return isUnreaped ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function beginningFromPs(pid: number): string | null {
  try {
    const [state, ...began] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith('Z') ? null : began.join(' ');
  } catch {
    return null;
  }
}
