const MAX_WAIT_SECONDS = 60;

/** Milliseconds that `Prefer: wait=N` (RFC 7240) asks for, at most 60 s; 0 without it. Preferences that are not understood are ignored, as the RFC says. */
export function preferredWaitMs(prefer: string | string[] | undefined): number {
  const preferences = [prefer ?? []].flat().join(',').split(/[,;]/);
  for (const preference of preferences) {
    const match = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*$/i.exec(preference);
    if (match !== null) return Math.min(Number(match[1]), MAX_WAIT_SECONDS) * 1000;
  }
  return 0;
}
