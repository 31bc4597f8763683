import { AppError } from '@singan/domain';
import type { ByteRange } from './object-store.ts';

/** Refuses what is no range at all, before the size of the object is known. */
export function checkRange(range: ByteRange): void {
  const { start, end } = range;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end) return;
  throw new AppError('artifact.range_invalid', `expected whole numbers with 0 <= start <= end, got ${start}-${end}`);
}

/** The part of a range that lies inside an object; a start past its end is an error. */
export function clipRange(range: ByteRange, sizeBytes: number): ByteRange {
  if (range.start >= sizeBytes) {
    throw new AppError(
      'artifact.range_invalid',
      `expected a range that starts before the object's ${sizeBytes} bytes end, got ${range.start}-${range.end}`,
    );
  }
  return { start: range.start, end: Math.min(range.end, sizeBytes - 1) };
}
