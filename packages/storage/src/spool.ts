import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { translateFileError } from './file-error.ts';
import type { StoredObject } from './object-store.ts';

/** Appends bytes to an open file and hashes them on the way. Errors of the source are passed on as they are. */
export async function spool(source: Uint8Array | Readable, file: FileHandle): Promise<StoredObject> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array | string> =
    source instanceof Uint8Array ? [source] : source;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    hash.update(bytes);
    sizeBytes += bytes.byteLength;
    await file.writeFile(bytes).catch((error) => {
      throw translateFileError(error, 'writing');
    });
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
