import { AppError } from '@singan/domain';

/** One byte each in the trailer of the local store, which they fill up to 256 bytes. */
export const MAX_CONTENT_TYPE_CHARACTERS = 215;

/** Refuses a content type that a store cannot keep; called before the first byte is written. */
export function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined) return;
  if (/^[\x20-\x7e]+$/.test(contentType) && contentType.length <= MAX_CONTENT_TYPE_CHARACTERS) return;
  throw new AppError(
    'internal',
    `expected a content type of 1 to ${MAX_CONTENT_TYPE_CHARACTERS} printable ASCII characters, got ${JSON.stringify(contentType.slice(0, 300))}`,
  );
}
