import { AppError } from '@singan/domain';
import { expect, test } from 'vitest';
import { translateDatabaseError } from './translate-error.ts';

const codeOf = (error: unknown) => translateDatabaseError(error).code;
const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

test('an error of ours passes as it is', () => {
  const error = new AppError('lease.lost', 'x');
  expect(translateDatabaseError(error)).toBe(error);
});

test.each(['P1001', 'P1017', 'P2024', 'P2028', '57P01', '57014', '55P03', '40P01', '53300', '08006', 'ECONNREFUSED'])(
  'a fault %s of the connection is unavailability',
  (code) => {
    expect(codeOf(withCode(code))).toBe('database.unavailable');
  },
);

test('so is one deep inside, as Prisma wraps it, and one that only says it in words', () => {
  const wrapped = Object.assign(withCode('P2010'), {
    meta: { driverAdapterError: { cause: { originalCode: '57014' } } },
  });
  expect(codeOf(wrapped)).toBe('database.unavailable');
  expect(codeOf(new Error('Connection terminated unexpectedly'))).toBe('database.unavailable');
  expect(codeOf(new AggregateError([withCode('ECONNREFUSED')]))).toBe('database.unavailable');
});

test.each(['P2002', '23505', '23514', '42601'])('a refused statement %s is a fault of ours', (code) => {
  expect(codeOf(withCode(code))).toBe('internal');
});
