import { AppError } from '@singan/domain';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withRetries } from './retry.ts';

const logger = pino({ level: 'silent' });
const away = () => new AppError('storage.unavailable', 'away');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a store that is away for a minute passes unnoticed', async () => {
  const began = Date.now();
  const result = withRetries(
    async () => {
      if (Date.now() - began < 60_000) throw away();
      return 'stored';
    },
    { logger, signal: new AbortController().signal },
  );
  await vi.advanceTimersByTimeAsync(90_000);
  expect(await result).toBe('stored');
});

test('a store that stays away is given up in the end', async () => {
  const result = withRetries(() => Promise.reject(away()), { logger, signal: new AbortController().signal });
  const expected = expect(result).rejects.toMatchObject({ code: 'storage.unavailable' });
  await vi.advanceTimersByTimeAsync(300_000);
  await expected;
});

test('an error that trying again cannot mend is thrown at once', async () => {
  const work = vi.fn(() => Promise.reject(new AppError('lease.lost', 'gone')));
  const result = withRetries(work, { logger, signal: new AbortController().signal });
  await expect(result).rejects.toMatchObject({ code: 'lease.lost' });
  expect(work).toHaveBeenCalledTimes(1);
});

test('an abort ends the waiting with one last try', async () => {
  const controller = new AbortController();
  const work = vi.fn(() => Promise.reject(away()));
  const result = withRetries(work, { logger, signal: controller.signal });
  const expected = expect(result).rejects.toMatchObject({ code: 'storage.unavailable' });
  await vi.advanceTimersByTimeAsync(1);
  controller.abort();
  await expected;
  expect(work).toHaveBeenCalledTimes(2);
});
