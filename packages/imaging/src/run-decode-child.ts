import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '@singan/domain';
import { type DecodeAnswer, type DecodeRequest, EXIT_MEMORY } from './decode-protocol.ts';

/** What one decoding may take before its process is killed. */
export interface DecodeBudget {
  readonly timeoutMs: number;
  readonly memoryLimitBytes: number;
}

/** Forty-eight megapixels of noise, the worst case, took 4 to 7 s and 0.4 GB on a busy machine, 17 s as an interlaced PNG; the rest is margin. */
export const DEFAULT_DECODE_BUDGET: DecodeBudget = { timeoutMs: 60_000, memoryLimitBytes: 1.5 * 2 ** 30 };

const CHILD = fileURLToPath(new URL('./decode-child.ts', import.meta.url));

/** The heap holds no pixels but the encoded picture. */
const HEAP_MEGABYTES = 256;

type Outcome =
  | { answer: DecodeAnswer }
  | { exitCode: number | null; signal: NodeJS.Signals | null }
  | { timedOut: true };

/**
 * Runs one decoding in a process of its own: an untrusted file can crash, hang or swell nothing but that.
 * The child gets an empty environment, so no secret is within its reach.
 */
export async function runDecodeChild(
  request: Omit<DecodeRequest, 'memoryLimitBytes'>,
  budget: DecodeBudget,
): Promise<DecodeAnswer> {
  const child = fork(CHILD, [], {
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`, '--disable-warning=ExperimentalWarning'],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    const outcome = await converse(child, { ...request, memoryLimitBytes: budget.memoryLimitBytes }, budget.timeoutMs);
    if ('answer' in outcome) return outcome.answer;
    throw failure(outcome, budget);
  } finally {
    child.kill('SIGKILL');
  }
}

async function converse(child: ChildProcess, request: DecodeRequest, timeoutMs: number): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      timer = setTimeout(() => resolve({ timedOut: true }), timeoutMs);
      child.once('message', (message) => resolve({ answer: message as DecodeAnswer }));
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
      child.once('error', reject);
      child.send(request, (error) => {
        // A child that is gone already says why by its exit.
        if (error !== null && child.connected) reject(error);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function failure(outcome: Exclude<Outcome, { answer: DecodeAnswer }>, budget: DecodeBudget): AppError {
  if ('timedOut' in outcome) {
    return new AppError(
      'image.corrupt',
      `The picture could not be decoded within ${budget.timeoutMs / 1000} s; shrink it or save it anew.`,
    );
  }
  if (outcome.exitCode === EXIT_MEMORY) {
    const limit = Math.round(budget.memoryLimitBytes / 2 ** 20);
    return new AppError(
      'image.too_many_pixels',
      `Decoding the picture takes more than ${limit} MiB of memory; shrink it first.`,
    );
  }
  return new AppError('image.corrupt', 'The picture could not be decoded: it made the decoder fail. Save it anew.', {
    context: { ...outcome },
  });
}
