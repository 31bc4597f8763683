import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@singan/domain';
import { answers, freePort } from './ports.ts';
import { identify, isRunning, stopProcess } from './process-identity.ts';
import { tail } from './tail.ts';

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 30;

export interface RedisOptions {
  readonly program: string;
  readonly directory: string;
  readonly logFile: string;
  readonly password: string;
  /** Called as soon as there is a process. */
  onSpawn(pid: number): void;
}

/** A redis-server of our own: every write is appended to a file, and nothing is ever evicted, since queues are no cache. */
export class Redis {
  readonly #o: RedisOptions;
  #identity: string | null = null;
  #port = 0;

  constructor(options: RedisOptions) {
    this.#o = options;
  }

  get url(): string {
    return `redis://:${this.#o.password}@127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#port = await freePort();
    const log = openSync(this.#o.logFile, 'a');
    // Its own process group: Ctrl-C in the terminal must not reach it before its users have ended.
    const child = spawn(this.#o.program, [this.#writeSettings()], { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('error', () => {});
    const pid = child.pid ?? 0;
    this.#identity = identify(pid);
    this.#o.onSpawn(pid);
    await this.#waitUntilReady();
  }

  async stop(): Promise<void> {
    if (this.#identity !== null) await stopProcess(this.#identity, { signal: 'SIGTERM', timeoutMs: STOP_TIMEOUT_MS });
  }

  /** A file and not arguments: the password must not be in the process list. */
  #writeSettings(): string {
    const file = path.join(this.#o.directory, 'redis.conf');
    const settings = [
      'bind 127.0.0.1',
      `port ${this.#port}`,
      `dir "${this.#o.directory}"`,
      `requirepass ${this.#o.password}`,
      'appendonly yes',
      'maxmemory-policy noeviction',
      'daemonize no',
    ];
    writeFileSync(file, `${settings.join('\n')}\n`, { mode: 0o600 });
    return file;
  }

  async #waitUntilReady(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    const greeting = { request: `AUTH ${this.#o.password}\r\n`, expected: '+OK' };
    while (!(await answers(this.#port, greeting))) {
      const hasEnded = this.#identity === null || !isRunning(this.#identity);
      if (hasEnded || performance.now() > deadline) throw this.#startError();
      await delay(POLL_MS);
    }
  }

  #startError(): AppError {
    const { logFile } = this.#o;
    return new AppError('config.invalid', `redis-server did not start. The end of ${logFile}:\n${tail(logFile)}`);
  }
}
