import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '@singan/domain';
import type { ChildMessage, EngineInfo, EngineSettings, HostMessage } from '../protocol.ts';
import { fromSentError } from '../sent-error.ts';

const ENTRY = fileURLToPath(new URL('../trainer-child.ts', import.meta.url));

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process with an engine in it: the only kind that computes. Owned by whoever started it, who also ends it. */
export class EngineChild {
  readonly #process: ChildProcess;
  /** Resolves when the process is gone. */
  readonly exited: Promise<ChildExit>;
  /** Resolves when the engine runs; rejects with what it said, or `engine.crashed`. */
  readonly engine: Promise<EngineInfo>;
  #hasExited = false;

  constructor(settings: EngineSettings) {
    // Structured clone carries bytes as they are; the host's own flags (inspector, loaders) are not the child's.
    this.#process = fork(ENTRY, [], { serialization: 'advanced', execArgv: [] });
    this.exited = new Promise((resolve) => {
      const settle = (exit: ChildExit): void => {
        this.#hasExited = true;
        resolve(exit);
      };
      this.#process.once('exit', (code, signal) => settle({ code, signal }));
      this.#process.once('error', () => settle({ code: null, signal: null }));
    });
    this.engine = this.#awaitEngine();
    // Whoever needs the engine awaits it; a child that ends before anybody does is no unhandled rejection.
    this.engine.catch(() => {});
    this.send({ type: 'start-engine', settings });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** A message to a process that is gone is dropped: its end is told by `exited`. */
  send(message: HostMessage): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  onMessage(listener: (message: ChildMessage) => void): () => void {
    this.#process.on('message', listener);
    return () => this.#process.off('message', listener);
  }

  async kill(): Promise<void> {
    if (!this.#hasExited) this.#process.kill('SIGKILL');
    await this.exited;
  }

  #awaitEngine(): Promise<EngineInfo> {
    return new Promise((resolve, reject) => {
      const stop = this.onMessage((message) => {
        if (message.type === 'engine-started') resolve(message.engine);
        else if (message.type === 'engine-failed') reject(fromSentError(message.error));
        else return;
        stop();
      });
      void this.exited.then((exit) => reject(crashError(exit)));
    });
  }
}

export function crashError({ code, signal }: ChildExit): AppError {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return new AppError('engine.crashed', `The compute process ended in the middle of its work (${how}).`, {
    context: { code, signal },
  });
}
