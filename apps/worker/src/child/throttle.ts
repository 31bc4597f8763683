/** Lets through what comes at least `intervalMs` after the last that was let through. */
export function createThrottle(intervalMs: number, nowMs: () => number): () => boolean {
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    const now = nowMs();
    if (now - lastMs < intervalMs) return false;
    lastMs = now;
    return true;
  };
}
