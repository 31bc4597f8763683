import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '@singan/domain';
import { isAbsent, translateFileError } from '../file-error.ts';
import { corrupt } from '../verify.ts';
import { decodeTrailer, TRAILER_BYTES, type Trailer } from './trailer.ts';

export interface OpenObject {
  /** The caller closes it. Stays on this version of the object when the key is replaced or deleted. */
  readonly file: FileHandle;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  readonly trailer: Trailer;
}

export function notFound(key: string, cause?: unknown): AppError {
  return new AppError('storage.not_found', `object ${key} does not exist`, { cause });
}

export async function openObject(path: string, key: string): Promise<OpenObject> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    const facts = await file.stat();
    if (facts.isDirectory()) throw notFound(key);
    const sizeBytes = facts.size - TRAILER_BYTES;
    if (sizeBytes < 0) throw corrupt(key, `expected at least ${TRAILER_BYTES} bytes on disk, got ${facts.size}`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TRAILER_BYTES), 0, TRAILER_BYTES, sizeBytes);
    const trailer = decodeTrailer(buffer.subarray(0, bytesRead));
    if (trailer === null) throw corrupt(key, 'expected the trailer of a complete object at the end of the file');
    return { file, sizeBytes, modifiedAt: facts.mtime, trailer };
  } catch (error) {
    await file?.close();
    throw isAbsent(error) ? notFound(key, error) : translateFileError(error, `reading object ${key}`);
  }
}
