export interface ByteRange {
  readonly start: number;
  /** Last byte, inclusive. */
  readonly end: number;
}

/**
 * The part of a body that a `Range` header asks for (RFC 9110, section 14): null for the whole of it, also for units and lists of ranges
 * that are not served; 'outside' when nothing of it exists.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange | 'outside' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return null;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return null;
  if (first === '') return suffix(Number(last), sizeBytes);
  const start = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= sizeBytes ? 'outside' : { start, end };
}

function suffix(length: number, sizeBytes: number): ByteRange | 'outside' {
  if (length === 0 || sizeBytes === 0) return 'outside';
  return { start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 };
}
