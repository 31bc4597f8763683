import { AppError } from '@singan/domain';

/** File systems take names of 255 bytes; the rest is room for what a store adds. */
export const MAX_PART_BYTES = 200;
/** S3 takes 1024 bytes; the rest is room for the prefix of a store. */
export const MAX_KEY_BYTES = 800;

/**
 * Refuses keys that one of the stores could not keep apart from another key or from a path outside of it.
 * The same rules for every store: parts joined by single slashes, none empty, `.` or `..`, no control characters, no backslash.
 */
export function checkKey(key: string): void {
  const fault = faultOfKey(key);
  if (fault !== null)
    throw new AppError('storage.key_invalid', `key ${JSON.stringify(key.slice(0, 300))}: expected ${fault}`);
}

/** A prefix is the beginning of a key: its last part may be empty or unfinished. */
export function checkPrefix(prefix: string): void {
  const parts = prefix.split('/');
  const last = parts.pop() ?? '';
  const fault = (parts.length > 0 ? faultOfKey(parts.join('/')) : null) ?? (last === '' ? null : faultOfText(last));
  if (fault !== null)
    throw new AppError('storage.key_invalid', `prefix ${JSON.stringify(prefix.slice(0, 300))}: expected ${fault}`);
}

function faultOfKey(key: string): string | null {
  if (key === '') return 'at least one character';
  const textFault = faultOfText(key);
  if (textFault !== null) return textFault;
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `at most ${MAX_KEY_BYTES} bytes, got ${Buffer.byteLength(key)}`;
  for (const part of key.split('/')) {
    if (part === '') return 'parts joined by single slashes, none at the start or end';
    if (part === '.' || part === '..') return 'no part "." or ".."';
    if (Buffer.byteLength(part) > MAX_PART_BYTES)
      return `parts of at most ${MAX_PART_BYTES} bytes, got ${Buffer.byteLength(part)}`;
  }
  return null;
}

function faultOfText(text: string): string | null {
  if (!text.isWellFormed()) return 'well-formed Unicode';
  // \p{Cc} holds NUL, which ends a path, and line feeds, which S3's XML lists cannot carry; U+FFFE and U+FFFF are not XML either
  if (/[\p{Cc}\\\uFFFE\uFFFF]/u.test(text)) return 'no control characters, backslash, U+FFFE or U+FFFF';
  return null;
}
