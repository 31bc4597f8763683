import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Loop, startLoop } from './loop.ts';

/** A task whose runs end when the test says so. */
class Task {
  runs = 0;
  #end: { resolve: () => void; reject: (error: Error) => void } | null = null;

  run = (): Promise<void> => {
    this.runs++;
    return new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
  };

  async succeed(): Promise<void> {
    this.#end?.resolve();
    await vi.advanceTimersByTimeAsync(0);
  }

  async fail(): Promise<void> {
    this.#end?.reject(new Error('away'));
    await vi.advanceTimersByTimeAsync(0);
  }
}

let task: Task;
let lines: { level: number; msg: string }[];
let loop: Loop;

beforeEach(() => {
  vi.useFakeTimers();
  task = new Task();
  lines = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  loop = startLoop({ name: 'relay', run: task.run, intervalMs: 1_000, logger });
});
afterEach(() => {
  vi.useRealTimers();
});

test('it runs at the start and again an interval after each end', async () => {
  expect(task.runs).toBe(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(task.runs).toBe(1);
  await task.succeed();
  await vi.advanceTimersByTimeAsync(999);
  expect(task.runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(task.runs).toBe(2);
});

test('however often it is woken during a run, it runs once more after it', async () => {
  for (let i = 0; i < 5; i++) loop.wake();
  expect(task.runs).toBe(1);
  await task.succeed();
  expect(task.runs).toBe(2);
  await task.succeed();
  expect(task.runs).toBe(2);
  loop.wake();
  expect(task.runs).toBe(3);
});

test('a failed run waits for the interval, even when it was woken meanwhile: what failed would fail again', async () => {
  loop.wake();
  await task.fail();
  expect(task.runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(task.runs).toBe(2);
});

test('of a series of failures the first is loud, and the end of it is told', async () => {
  await task.fail();
  await vi.advanceTimersByTimeAsync(1_000);
  await task.fail();
  await vi.advanceTimersByTimeAsync(1_000);
  await task.succeed();
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    [40, 'relay: failed, will be tried again'],
    [30, 'relay: works again'],
  ]);
});

test('closing waits for the run at work and starts no other', async () => {
  loop.wake();
  let isClosed = false;
  const closing = loop.close().then(() => {
    isClosed = true;
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isClosed).toBe(false);
  await task.succeed();
  await closing;
  loop.wake();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(task.runs).toBe(1);
});
