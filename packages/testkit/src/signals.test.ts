import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { eventually, waitForEvent } from './signals.ts';

test('waiting for an event takes the first one that is accepted, and leaves no listener', async () => {
  const emitter = new EventEmitter();
  const waiting = waitForEvent<[string]>(emitter, 'state', {
    timeoutMs: 10_000,
    accept: (state) => state === 'running',
  });
  emitter.emit('state', 'queued');
  emitter.emit('state', 'running');
  emitter.emit('state', 'done');
  expect(await waiting).toEqual(['running']);
  expect(emitter.listenerCount('state')).toBe(0);
});

test('an event that does not come is an error that says what was waited for', async () => {
  const emitter = new EventEmitter();
  await expect(waitForEvent(emitter, 'state', { timeoutMs: 10, what: 'the job to run' })).rejects.toThrow(
    'the job to run',
  );
  expect(emitter.listenerCount('state')).toBe(0);
});

test('eventually gives the first value, also after failures', async () => {
  let calls = 0;
  const probe = () => {
    calls++;
    if (calls === 1) throw new Error('not yet');
    return calls < 3 ? false : { calls };
  };
  expect(await eventually(probe, { timeoutMs: 10_000, intervalMs: 1 })).toEqual({ calls: 3 });
});

test('eventually gives up with the last failure as the cause', async () => {
  const failure = new Error('refused');
  await expect(
    eventually(() => Promise.reject(failure), { timeoutMs: 10, intervalMs: 1, what: 'the port' }),
  ).rejects.toMatchObject({
    message: expect.stringContaining('the port'),
    cause: failure,
  });
});
