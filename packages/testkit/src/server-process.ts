import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dieWithParent, type Guard } from './die-with-parent.ts';

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Temporary directory of the server; its output goes to server.log in there. */
  readonly directory: string;
  /** Resolves when the server answers. A server that ends before that fails the start with its log. */
  readonly ready: (server: ServerOutput) => Promise<unknown>;
}

interface ServerOutput {
  /** Resolves at the first output that contains the text. */
  said(text: string): Promise<void>;
}

export interface ServerProcess {
  readonly pid: number;
  /** Asks the server to end (SIGTERM), after 10 s forces it. The directory stays. */
  stop(): Promise<void>;
  /** kill -9, as in a crash. The directory stays. */
  kill(): Promise<void>;
}

export function makeServerDirectory(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `singan-${name}-`));
}

export async function removeServerDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** The last lines a server wrote, for error messages. */
async function tailOfLog(directory: string): Promise<string> {
  const text = await readFile(join(directory, 'server.log'), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-15).join('\n') || '(the log is empty)';
}

/** Starts a server as a child that dies with this process, and waits until it is ready. */
export async function startServerProcess(o: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(o.command, [...o.args], { env: o.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
  });
  const output = watchOutput(child, join(o.directory, 'server.log'));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${o.name} did not start: ${await exited}`);
  const guard = dieWithParent({ pid, signal: 'KILL', directory: o.directory });
  const failed = exited.then((reason) => Promise.reject(new Error(reason)));
  try {
    await Promise.race([o.ready(output), failed]);
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    guard.release();
    throw new Error(
      `${o.name} did not become ready: ${error instanceof Error ? error.message : String(error)}\nlog (${o.directory}/server.log):\n${await tailOfLog(o.directory)}`,
    );
  }
  failed.catch(() => undefined);
  return { pid, stop: () => end(child, 'SIGTERM', exited, guard), kill: () => end(child, 'SIGKILL', exited, guard) };
}

async function end(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGKILL',
  exited: Promise<string>,
  guard: Guard,
): Promise<void> {
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(force);
  guard.release();
}

function watchOutput(child: ChildProcess, logFile: string): ServerOutput {
  const log = createWriteStream(logFile, { flags: 'a' });
  log.on('error', () => undefined); // the directory may be removed while the last lines are written
  let seen = '';
  const waiting = new Map<string, () => void>();
  const check = () => {
    for (const [text, resolve] of waiting) {
      if (!seen.includes(text)) continue;
      waiting.delete(text);
      resolve();
    }
    if (waiting.size === 0) seen = seen.slice(-4096);
  };
  const receive = (chunk: Buffer) => {
    log.write(chunk);
    seen += chunk.toString('utf8');
    check();
  };
  child.stdout?.on('data', receive);
  child.stderr?.on('data', receive);
  child.once('close', () => log.end());
  return {
    said: (text) =>
      new Promise((resolve) => {
        waiting.set(text, resolve);
        check();
      }),
  };
}
