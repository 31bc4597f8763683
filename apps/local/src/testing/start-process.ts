import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A command of this app as a user runs it. */
export class CommandProcess {
  readonly process: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  #output = '';
  #stdout = '';
  #onOutput: (() => void)[] = [];

  constructor(entry: 'start.mjs' | 'demo.mjs', args: readonly string[]) {
    const file = fileURLToPath(new URL(`../${entry}`, import.meta.url));
    this.process = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stderr?.on('data', (text) => this.#take(text));
    this.process.stdout?.on('data', (text) => {
      this.#stdout += text;
      this.#take(text);
    });
    this.exited = new Promise((resolve) => {
      this.process.once('close', (code, signal) => {
        resolve({ code, signal });
        this.#take('');
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Both streams together. */
  get output(): string {
    return this.#output;
  }

  /** Resolves with the match in what was written so far; rejects when the command ends without it. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.#output);
        if (match !== null) resolve(match);
        else if (this.process.exitCode !== null) reject(new Error(`ended without ${pattern}:\n${this.#output}`));
        else this.#onOutput.push(look);
      };
      look();
    });
  }

  #take(text: unknown): void {
    this.#output += String(text);
    for (const look of this.#onOutput.splice(0)) look();
  }
}

/** Command lines of the processes that have the text in their command line, environment or working directory. */
export function processesOf(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const commandLine = read(`/proc/${pid}/cmdline`);
      const isOurs = [commandLine, read(`/proc/${pid}/environ`)].some((text) => text.includes(directory));
      return isOurs ? [`${pid} ${commandLine.replaceAll('\0', ' ').slice(0, 120)}`] : [];
    });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
