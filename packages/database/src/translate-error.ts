import { AppError } from '@singan/domain';

/** Prisma: not reachable, timed out, closed, no free connection, transaction not started or expired, deadlock, too many connections. */
const UNAVAILABLE_PRISMA = /^P(1000|1001|1002|1003|1008|1009|1010|1011|1017|2024|2028|2034|2037|5000)$/;
/** SQLSTATE: connection faults, out of resources, operator intervention (shutdown, statement timeout), lock timeout, serialisation, I/O. */
const UNAVAILABLE_SQLSTATE = /^(08...|53...|57...|55P03|40001|40P01|58...|25P0[34]|3D000|28...)$/;
const UNAVAILABLE_SYSTEM =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
/** Faults of pg that carry no code. */
const UNAVAILABLE_MESSAGE =
  /connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|client was closed|server closed the connection|can't reach database server|query read timeout/i;

/** AppErrors pass; a fault of the connection or a timeout becomes `database.unavailable`, anything else `internal`. */
export function translateDatabaseError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isConnectionFault(error))
    return new AppError('database.unavailable', 'the database did not answer in time; try again in a moment', {
      cause: error,
    });
  return new AppError('internal', 'the database refused a statement that was expected to succeed', { cause: error });
}

function isConnectionFault(error: unknown): boolean {
  return faultsOf(error).some(
    ({ code, message }) =>
      UNAVAILABLE_PRISMA.test(code) ||
      UNAVAILABLE_SQLSTATE.test(code) ||
      UNAVAILABLE_SYSTEM.test(code) ||
      UNAVAILABLE_MESSAGE.test(message),
  );
}

/** The codes and messages of an error and of all it was caused by: Prisma wraps the driver's error in `meta`, pg's pool in `errors`. */
function faultsOf(error: unknown, depth = 0): { code: string; message: string }[] {
  if (typeof error !== 'object' || error === null || depth > 6) return [];
  const { code, originalCode, errorCode, message, cause, meta, errors } = error as Record<string, unknown>;
  const own = [code, originalCode, errorCode].map((value) => ({
    code: typeof value === 'string' ? value : '',
    message: typeof message === 'string' ? message : '',
  }));
  const inner = [cause, (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError];
  if (Array.isArray(errors)) inner.push(...errors);
  return [...own, ...inner.flatMap((each) => faultsOf(each, depth + 1))];
}
