const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Wait before each attempt, counted from the one before; the schedule that Standard Webhooks proposes. Three days in all. */
export const ATTEMPT_DELAYS_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Spread around each delay, so that a receiver that comes back is not met by all its deliveries at once. */
const JITTER = 0.2;

/**
 * Milliseconds to wait before the next attempt, or null when all have been made.
 * @param attempts number of attempts made so far; 0 for a new delivery.
 * @param random returns numbers in [0, 1).
 */
export function nextAttemptDelay(attempts: number, random: () => number): number | null {
  const delayMs = ATTEMPT_DELAYS_MS[attempts];
  if (delayMs === undefined) return null;
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * random()));
}
