import { AppError, ERROR_CODES, type ErrorCode, toAppError } from '@singan/domain';
import type { SentError } from './protocol.ts';

/** Drops what cannot cross a process boundary: functions, circles, engine objects. */
function plainContext(context: Record<string, unknown>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(context));
  } catch {
    return {};
  }
}

export function toSentError(error: unknown): SentError {
  const { code, message, stack, context, errors } = toAppError(error);
  return { code, detail: message, stack, context: plainContext(context), errors };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

/** The error as it was thrown in the child; the child's stack is in its context, for the log. */
export function fromSentError(sent: SentError): AppError {
  const code = isErrorCode(sent.code) ? sent.code : 'internal';
  return new AppError(code, sent.detail, { context: { ...sent.context, childStack: sent.stack }, errors: sent.errors });
}
