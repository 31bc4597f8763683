import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { AppError } from '@singan/domain';

export interface FfmpegOptions {
  /** Folders in which ffmpeg is looked for, written as in PATH; by default those of this process. */
  readonly searchPath?: string;
  /** Longest time that ffmpeg may take to accept one frame, or to finish after the last one. */
  readonly timeoutMs?: number;
}

const PROGRAM = 'ffmpeg';

/** In the order of preference: H.264 plays everywhere, MPEG-4 part 2 in most players but in no browser. */
const VIDEO_ENCODERS = ['libx264', 'mpeg4'] as const;
export type VideoEncoder = (typeof VIDEO_ENCODERS)[number];

/** A frame takes milliseconds; a minute is for a machine that is short of everything. */
const DEFAULT_TIMEOUT_MS = 60_000;

/** The end of what ffmpeg says is kept for the log. */
const MAX_STDERR_CHARACTERS = 4000;

const execute = promisify(execFile);

/** Whether MP4 can be written here: ffmpeg is found, runs, and has an encoder for it. */
export function isMp4Available(options: FfmpegOptions = {}): Promise<boolean> {
  return findVideoEncoder(options).then(
    () => true,
    () => false,
  );
}

/** @throws AppError `animation.mp4_unavailable` */
export async function findVideoEncoder({
  timeoutMs = DEFAULT_TIMEOUT_MS,
  ...options
}: FfmpegOptions): Promise<VideoEncoder> {
  const listed = await execute(PROGRAM, ['-hide_banner', '-encoders'], {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...environmentOf(options),
  }).catch((cause: unknown) => {
    throw unavailable('MP4 needs ffmpeg, which is not installed here (or does not run)', cause);
  });
  const names = listed.stdout.split('\n').map((line) => line.trim().split(/\s+/)[1]);
  const encoder = VIDEO_ENCODERS.find((name) => names.includes(name));
  if (encoder !== undefined) return encoder;
  throw unavailable(`The ffmpeg that is installed here has none of the encoders ${VIDEO_ENCODERS.join(', ')}`);
}

function unavailable(fact: string, cause?: unknown): AppError {
  const advice = 'Ask for WebP or GIF, or have ffmpeg with libx264 installed where the workers run.';
  return new AppError('animation.mp4_unavailable', `${fact}. ${advice}`, { cause });
}

/** The environment of this process is inherited unless a search path is given. */
function environmentOf({ searchPath }: Pick<FfmpegOptions, 'searchPath'>): { env?: NodeJS.ProcessEnv } {
  return searchPath === undefined ? {} : { env: { PATH: searchPath } };
}

/**
 * Runs ffmpeg over what `input` yields, to its end. When this returns or throws, ffmpeg is not running any more.
 *
 * @throws AppError `internal` when ffmpeg fails or takes too long; whatever `input` throws
 */
export async function runFfmpeg(
  args: readonly string[],
  input: AsyncIterable<Uint8Array>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, ...options }: FfmpegOptions,
): Promise<void> {
  const child = spawn(PROGRAM, ['-hide_banner', '-loglevel', 'error', ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    ...environmentOf(options),
  });
  const ended = endOf(child);
  const endedEarly = ended.then(() => Promise.reject(failed('ended before the last frame')));
  endedEarly.catch(() => undefined);
  // Each write hears of a broken pipe by itself; without a listener the event would end this process.
  child.stdin.on('error', () => undefined);
  try {
    for await (const bytes of input) {
      await withinTime(Promise.race([write(child.stdin, bytes), endedEarly]), timeoutMs);
    }
    child.stdin.end();
    await withinTime(ended, timeoutMs);
  } finally {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  }
}

/** Settles when the process is gone and all it said is read. */
function endOf(child: ChildProcessByStdio<Writable, null, Readable>): Promise<void> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MAX_STDERR_CHARACTERS);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => reject(failed('could not be run', { cause })));
    child.once('close', (exitCode, signal) => {
      if (exitCode === 0) resolve();
      else reject(failed('failed', { context: { exitCode, signal, said } }));
    });
  });
  // It is awaited later; until then a failure must not count as unhandled.
  ended.catch(() => undefined);
  return ended;
}

/** Settles once the bytes are taken; never when the pipe breaks, since the end of the process, which broke it, says why. */
function write(stdin: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stdin.write(bytes, (error) => {
      if (!error) resolve();
    });
  });
}

async function withinTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed(`did not go on within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

function failed(how: string, options: ConstructorParameters<typeof AppError>[2] = {}): AppError {
  return new AppError('internal', `ffmpeg ${how}`, options);
}
