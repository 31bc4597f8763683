import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The fields of the worker's log that tests look at. */
export interface LogLine {
  readonly msg?: string;
  readonly childPid?: number;
}

/** A worker as it runs in production: a process of its own, told everything by the environment. */
export class WorkerProcess {
  readonly process: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  readonly #lines: LogLine[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(environment: Record<string, string>) {
    this.process = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    this.exited = new Promise((resolve) => {
      this.process.once('exit', (code, signal) => resolve({ code, signal }));
    });
    if (this.process.stdout === null) throw new Error('expected a pipe');
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.#lines.push(JSON.parse(line));
      for (const look of this.#waiting) look();
    });
  }

  /** Resolves with the first line of the log that has this message. */
  logged(message: string): Promise<LogLine> {
    return new Promise((resolve) => {
      const look = (): void => {
        const line = this.#lines.find((candidate) => candidate.msg === message);
        if (line === undefined) return;
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async end(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}
