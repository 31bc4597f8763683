import { ulid } from 'ulid';
import type { Clock } from './clock.ts';

/** Kind of record an id names. The prefix is part of the id, so an id says what it is wherever it is seen. */
export type IdPrefix = 'mdl' | 'job' | 'art' | 'evl' | 'ckp' | 'whk' | 'whd' | 'evt' | 'req' | 'wrk';

/** A prefixed, sortable id: `mdl_` and 26 Crockford base32 characters (48 bits of time, 80 random bits). */
export type Id<P extends IdPrefix = IdPrefix> = `${P}_${string}`;

/** Makes ids; made once per process from its clock and random source. */
export type IdFactory = <P extends IdPrefix>(prefix: P) => Id<P>;

/** @param random returns numbers in [0, 1); the default draws on the platform's cryptographic source. */
export function createIdFactory(clock: Clock, random?: () => number): IdFactory {
  return (prefix) => `${prefix}_${ulid(clock.now().getTime(), random)}`;
}

/** True for a well-formed id of the given kind; says nothing about whether it exists. */
export function isId<P extends IdPrefix>(value: string, prefix: P): value is Id<P> {
  return (
    value.length === prefix.length + 27 &&
    value.startsWith(`${prefix}_`) &&
    /^[0-9A-HJKMNP-TV-Z]{26}$/.test(value.slice(-26))
  );
}
