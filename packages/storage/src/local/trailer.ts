import { MAX_CONTENT_TYPE_CHARACTERS } from '../content-type.ts';

/**
 * The last 256 bytes of every file of the local store: magic (8), sha256 (32), length of the content type (1), content type.
 * In the same file, and not beside it, so that bytes, checksum and type change in one rename and can never disagree after a
 * crash; behind the bytes, because the checksum is known only after the last one; of a fixed size, so that a listing needs
 * no more than the file's size.
 */
const TYPE_AT = 41;
export const TRAILER_BYTES = TYPE_AT + MAX_CONTENT_TYPE_CHARACTERS;
const MAGIC = Buffer.from('SGNOBJ1\n', 'latin1');

export interface Trailer {
  readonly sha256: string;
  readonly contentType?: string;
}

export function encodeTrailer(trailer: Trailer): Buffer {
  const bytes = Buffer.alloc(TRAILER_BYTES);
  MAGIC.copy(bytes);
  Buffer.from(trailer.sha256, 'hex').copy(bytes, 8);
  bytes[40] = bytes.write(trailer.contentType ?? '', TYPE_AT, 'latin1');
  return bytes;
}

/** Null where the bytes are no trailer: a file that was cut off, or is not of this store. */
export function decodeTrailer(bytes: Buffer): Trailer | null {
  if (bytes.length !== TRAILER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return null;
  const typeLength = bytes[40] ?? 0;
  if (typeLength > MAX_CONTENT_TYPE_CHARACTERS) return null;
  const sha256 = bytes.toString('hex', 8, 40);
  return typeLength === 0
    ? { sha256 }
    : { sha256, contentType: bytes.toString('latin1', TYPE_AT, TYPE_AT + typeLength) };
}
