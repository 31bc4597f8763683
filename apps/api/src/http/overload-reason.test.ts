import { expect, test } from 'vitest';
import { DEFAULT_OVERLOAD_LIMITS, overloadReason } from './overload-reason.ts';

test('an idle process is not overloaded', () => {
  expect(overloadReason({ eventLoopDelayMs: 11, databaseMs: 1 }, DEFAULT_OVERLOAD_LIMITS)).toBeNull();
});

test('a lagging event loop is a reason, and so is a database that does not answer', () => {
  const limits = { maxEventLoopDelayMs: 100, maxDatabaseMs: 200 };
  expect(overloadReason({ eventLoopDelayMs: 150.4, databaseMs: 1 }, limits)).toContain('lags by 150 ms');
  expect(overloadReason({ eventLoopDelayMs: 10, databaseMs: Number.POSITIVE_INFINITY }, limits)).toContain('200 ms');
});
