import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '@singan/domain';
import { identify, isRunning, pidOf } from './process-identity.ts';

const LOCK = 'start.pid';

/** Processes that are noted down, in the order in which leftovers are stopped. */
export const NOTED_PROCESSES = ['guard', 'api', 'worker', 'redis'] as const;
export type NotedProcess = (typeof NOTED_PROCESSES)[number];

/** Notes which process is which, so that a start after a kill finds what is left. */
export class RunFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Takes the data directory for this process.
   * @throws AppError `config.invalid` when another instance has it
   */
  lock(pid: number): void {
    const file = path.join(this.#directory, LOCK);
    // Written aside and linked: nobody ever reads a lock that is half written.
    const own = `${file}.${pid}`;
    writeFileSync(own, identify(pid) ?? String(pid));
    try {
      this.#removeStaleLock(file);
      linkSync(own, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw this.#refusal(file);
    } finally {
      rmSync(own, { force: true });
    }
  }

  unlock(): void {
    rmSync(path.join(this.#directory, LOCK), { force: true });
  }

  note(name: NotedProcess, pid: number): void {
    const identity = identify(pid);
    if (identity !== null) writeFileSync(this.#file(name), identity);
  }

  forget(name: NotedProcess): void {
    rmSync(this.#file(name), { force: true });
  }

  /** The identity of a noted process that still runs. */
  running(name: NotedProcess): string | null {
    const identity = readIfThere(this.#file(name));
    return identity !== null && isRunning(identity) ? identity : null;
  }

  #file(name: NotedProcess): string {
    return path.join(this.#directory, `${name}.pid`);
  }

  #removeStaleLock(file: string): void {
    const holder = readIfThere(file);
    if (holder === null) return;
    if (isRunning(holder)) throw this.#refusal(file);
    rmSync(file, { force: true });
  }

  #refusal(file: string): AppError {
    const pid = pidOf(readIfThere(file) ?? '');
    return new AppError(
      'config.invalid',
      `The data directory ${path.dirname(this.#directory)} is in use by another instance (process ${pid}). Stop that one, or give another directory with --data.`,
    );
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
