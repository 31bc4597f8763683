import { AppError } from '@singan/domain';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LeaseKeeper } from './lease-keeper.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function keep(renew: () => Promise<{ isCancelRequested: boolean }>) {
  const seen: string[] = [];
  const keeper = new LeaseKeeper({
    renew: () => {
      seen.push('renewed');
      return renew();
    },
    leaseMs: 3000,
    logger: pino({ level: 'silent' }),
    onCancel: () => seen.push('canceled'),
    onLost: () => seen.push('lost'),
  });
  return { keeper, seen };
}

test('a lease is renewed at a third of its time until it is closed', async () => {
  const { keeper, seen } = keep(async () => ({ isCancelRequested: false }));
  await vi.advanceTimersByTimeAsync(3000);
  expect(seen).toEqual(['renewed', 'renewed', 'renewed']);
  await keeper.close();
  await vi.advanceTimersByTimeAsync(9000);
  expect(seen).toHaveLength(3);
});

test('a cancel is told by the answer of a renewal', async () => {
  const { keeper, seen } = keep(async () => ({ isCancelRequested: true }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen).toEqual(['renewed', 'canceled']);
  await keeper.close();
});

test('many notifications cost one look', async () => {
  const { keeper, seen } = keep(async () => ({ isCancelRequested: false }));
  for (let n = 0; n < 100; n++) keeper.check();
  await vi.advanceTimersByTimeAsync(999);
  expect(seen).toEqual(['renewed']);
  await keeper.close();
});

test('only a lost lease is told; a database that is away is waited for', async () => {
  const faults = [new AppError('database.unavailable', 'away'), new Error('odd'), new AppError('lease.lost', 'gone')];
  const { keeper, seen } = keep(async () => {
    throw faults.shift() ?? new Error('none left');
  });
  await vi.advanceTimersByTimeAsync(3000);
  expect(seen).toEqual(['renewed', 'renewed', 'renewed', 'lost']);
  await keeper.close();
});
