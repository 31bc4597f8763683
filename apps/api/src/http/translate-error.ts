import { AppError, type ErrorCode } from '@singan/domain';

/** Errors of Fastify and its plugins that are the caller's doing: our code for each, and a sentence that helps more than theirs. */
const CALLER_ERRORS: Record<string, { code: ErrorCode; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'request.too_large', detail: 'The body is larger than this address accepts.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'request.unsupported_media_type',
    detail: 'This address does not take that content type; send application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'request.invalid',
    detail: 'The content type says JSON but the body is empty; send at least {}.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'request.invalid', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'request.invalid',
    detail: 'The body does not have the length that its Content-Length header says.',
  },
  FST_ERR_BAD_URL: { code: 'request.invalid', detail: 'The address is not a valid URL path.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'route.not_found', detail: 'A part of the address is longer than any id.' },
};

/** The AppError that an error means: itself, the caller's doing, or `internal` with it as the cause. */
export function translateError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const known = CALLER_ERRORS[codeOf(error)];
  if (known !== undefined) return new AppError(known.code, known.detail, { cause: error });
  if (statusOf(error) === 400 && error instanceof Error) {
    return new AppError('request.invalid', error.message, { cause: error });
  }
  return new AppError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : null;
}
