import { spawn } from 'node:child_process';

export interface Guard {
  /** Call when the guarded process has ended by itself, so that its process id is never killed after another process got it. */
  release(): void;
}

/**
 * Ends a process and removes its temporary directory when this process dies, also by kill -9: a small shell holds the
 * reading end of a pipe whose writing end only this process has, and the kernel closes that one.
 * The shell is in a session of its own, so that Ctrl-C in a terminal does not end it first.
 */
export function dieWithParent(o: { pid: number; signal: 'INT' | 'TERM' | 'KILL'; directory: string }): Guard {
  const script =
    'cat >/dev/null; kill -s "$1" "$2" 2>/dev/null; while kill -0 "$2" 2>/dev/null; do sleep 0.1; done; rm -rf -- "$3"';
  const guard = spawn('/bin/sh', ['-c', script, 'die-with-parent', o.signal, String(o.pid), o.directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  return { release: () => void guard.kill('SIGKILL') };
}
