import { AppError, type Id, isId } from '@singan/domain';
import type { Page } from './records.ts';

/** A cursor is the id of the last entry: ids sort by time, and rows that come later lie before the first page. */
export function readCursor<P extends 'mdl' | 'job' | 'evl'>(cursor: string | undefined, prefix: P): Id<P> | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (isId(id, prefix)) return id;
  throw new AppError('request.field_invalid', 'cursor was expected to be the nextCursor of a page of this list', {
    errors: [{ pointer: '/cursor', detail: 'not a nextCursor of this list; leave it out to begin with the newest' }],
  });
}

/** @param rows up to `limit + 1`: the one too many says that there is a next page */
export function toPage<R extends { id: string }, T>(rows: readonly R[], limit: number, map: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data: shown.map(map), nextCursor: hasMore ? Buffer.from(last.id).toString('base64url') : null };
}
