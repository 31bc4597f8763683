import { expect, test } from 'vitest';
import { WakeSignal } from './wake-signal.ts';

const LONG_MS = 60_000;
const never = new AbortController().signal;

test('a wake ends a wait', async () => {
  const signal = new WakeSignal();
  const waiting = signal.wait(LONG_MS, never);
  signal.wake();
  expect(await waiting).toBe('woken');
});

test('a wake that came before the wait is kept, once', async () => {
  const signal = new WakeSignal();
  signal.wake();
  signal.wake();
  expect(await signal.wait(LONG_MS, never)).toBe('woken');
  expect(await signal.wait(0, never)).toBe('timeout');
});

test('an abort ends a wait, and wins over a wake', async () => {
  const controller = new AbortController();
  const signal = new WakeSignal();
  const waiting = signal.wait(LONG_MS, controller.signal);
  controller.abort();
  expect(await waiting).toBe('aborted');
  signal.wake();
  expect(await signal.wait(LONG_MS, controller.signal)).toBe('aborted');
});
