export interface OverloadLimits {
  /** Longest mean delay of the event loop over a second. */
  readonly maxEventLoopDelayMs: number;
  /** Longest answer of the database to a trivial question. */
  readonly maxDatabaseMs: number;
}

export interface LoadSample {
  readonly eventLoopDelayMs: number;
  readonly databaseMs: number;
}

/** A healthy process stays far below both; beyond them requests wait longer than their callers do. */
export const DEFAULT_OVERLOAD_LIMITS: OverloadLimits = { maxEventLoopDelayMs: 500, maxDatabaseMs: 2000 };

/** Why the service should refuse work now; null when it should not. */
export function overloadReason(sample: LoadSample, limits: OverloadLimits): string | null {
  if (sample.eventLoopDelayMs > limits.maxEventLoopDelayMs) {
    return `The event loop lags by ${Math.round(sample.eventLoopDelayMs)} ms, the limit is ${limits.maxEventLoopDelayMs} ms.`;
  }
  if (sample.databaseMs > limits.maxDatabaseMs) {
    return `The database did not answer within ${limits.maxDatabaseMs} ms.`;
  }
  return null;
}
