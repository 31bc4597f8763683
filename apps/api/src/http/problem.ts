import type { Problem } from '@singan/contracts';
import type { AppError } from '@singan/domain';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** RFC 9457 form of an error. From status 500 on the detail stays in the log: it may name hosts, paths or statements. */
export function toProblem(error: AppError, requestId: string): Problem {
  const isOurFault = error.httpStatus >= 500;
  return {
    type: `urn:singan:problem:${error.code}`,
    title: error.title,
    status: error.httpStatus,
    detail: isOurFault ? apology(error, requestId) : error.message,
    code: error.code,
    requestId,
    ...(error.errors.length > 0 && !isOurFault ? { errors: [...error.errors] } : {}),
  };
}

function apology(error: AppError, requestId: string): string {
  const advice = error.retryable ? 'Trying again later may help.' : 'Trying again will not help.';
  return `The service could not answer this request. ${advice} Its log has the reason under ${requestId}.`;
}
