import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError } from '@singan/domain';

const SCRIPT = fileURLToPath(new URL('../peer/iteration.py', import.meta.url));

export interface PeerOptions {
  readonly python: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly threads: number;
}

/** The same iteration in PyTorch, in a process of its own that sleeps while it is not asked. */
export class Peer {
  /** PyTorch's version and the instruction set it found. */
  readonly facts: { readonly version: string; readonly isa: string };
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, facts: Peer['facts']) {
    this.#child = child;
    this.#lines = lines;
    this.facts = facts;
  }

  /** @throws AppError `engine.unavailable` with what python wrote when there is no python with torch */
  static async start({ python, ...options }: PeerOptions): Promise<Peer> {
    const child = spawn(python, [SCRIPT, JSON.stringify(options)]);
    const complaints: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    const missing = new Promise<never>((_, reject) => {
      child.once('error', (cause) => reject(unavailable(python, cause.message, cause)));
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await Promise.race([lines.next(), missing]);
    if (first.done)
      throw unavailable(python, Buffer.concat(complaints).toString('utf8').trim().split('\n').at(-1) ?? '');
    return new Peer(child, lines, JSON.parse(first.value));
  }

  /** Runs iterations; resolves to their seconds as the peer took them. */
  async run(count: number): Promise<number> {
    this.#child.stdin.write(`${count}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error('the peer ended');
    return (JSON.parse(line.value) as { seconds: number }).seconds;
  }

  stop(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }
}

function unavailable(python: string, said: string, cause?: unknown): AppError {
  return new AppError(
    'engine.unavailable',
    `Expected PEER_PYTHON to name a python with torch, got "${python}", which said: ${said}`,
    { cause },
  );
}
