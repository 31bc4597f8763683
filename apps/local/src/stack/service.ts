import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { NotedProcess, RunFiles } from './run-files.ts';
import { tail } from './tail.ts';

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 30_000;
/** Who ran this long is taken as healthy: the next crash starts with the shortest wait again. */
const HEALTHY_MS = 60_000;

export interface ServiceOptions {
  readonly name: Extract<NotedProcess, 'api' | 'worker'>;
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly stopTimeoutMs: number;
  readonly runFiles: RunFiles;
  say(line: string): void;
}

/** Our api or worker as a child process, started again when it crashes. */
export class Service {
  readonly #o: ServiceOptions;
  #process: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #backoffMs = FIRST_BACKOFF_MS;
  #isStopping = false;

  constructor(options: ServiceOptions) {
    this.#o = options;
    this.#run();
  }

  get name(): string {
    return this.#o.name;
  }

  get isRunning(): boolean {
    return this.#process !== null;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The end of what it wrote, for an error message. */
  get lastWords(): string {
    return `The end of ${this.#o.logFile}:\n${tail(this.#o.logFile)}`;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#process;
    if (child === null) return;
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), this.#o.stopTimeoutMs);
    await this.#exited;
    clearTimeout(force);
  }

  #run(): void {
    const { name, entry, environment, logFile, runFiles } = this.#o;
    const log = openSync(logFile, 'a');
    const startedMs = performance.now();
    // Its own process group: Ctrl-C in the terminal reaches only us, and we stop everything in order.
    const child = spawn(process.execPath, [entry], { env: environment, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#process = child;
    runFiles.note(name, child.pid ?? 0);
    this.#exited = new Promise((resolve) => {
      const onEnd = (how: string): void => {
        this.#process = null;
        runFiles.forget(name);
        if (!this.#isStopping) this.#scheduleRestart(how, performance.now() - startedMs);
        resolve();
      };
      child.once('error', (error) => onEnd(error.message));
      child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
    });
  }

  #scheduleRestart(how: string, ranMs: number): void {
    if (ranMs >= HEALTHY_MS) this.#backoffMs = FIRST_BACKOFF_MS;
    const waitMs = this.#backoffMs;
    this.#backoffMs = Math.min(LONGEST_BACKOFF_MS, waitMs * 2);
    this.#o.say(
      `The ${this.#o.name} ended unexpectedly (${how}); starting it again in ${waitMs / 1000} s. Log: ${this.#o.logFile}`,
    );
    this.#restart = setTimeout(() => this.#run(), waitMs);
  }
}
