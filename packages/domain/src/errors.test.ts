import { describe, expect, it } from 'vitest';
import { AppError, ERROR_CODES, toAppError } from './errors.ts';

describe('AppError', () => {
  it('takes status, title and retryability from the table', () => {
    const error = new AppError('service.overloaded', 'try again in 5 s');
    expect([error.httpStatus, error.retryable, error.title]).toEqual([503, true, 'The service is busy']);
  });

  it('wraps what is not one, keeping the cause', () => {
    const cause = new TypeError('x is not a function');
    const error = toAppError(cause);
    expect(error.code).toBe('internal');
    expect(error.cause).toBe(cause);
    expect(toAppError(error)).toBe(error);
  });

  it('has only codes of one form, with statuses of errors', () => {
    for (const [code, entry] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[a-z]+(\.[a-z][a-z0-9_]*)?$/);
      expect(entry.httpStatus).toBeGreaterThanOrEqual(400);
      expect(entry.httpStatus).toBeLessThan(600);
    }
  });
});
