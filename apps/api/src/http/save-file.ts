import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import { AppError } from '@singan/domain';

/**
 * Writes a file part to a new file as it streams in.
 *
 * @throws AppError `request.too_large`
 */
export async function saveFile(
  part: MultipartFile,
  { path, maxBytes }: { path: string; maxBytes: number },
): Promise<{ path: string; sha256: string }> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(part.file, hashing, createWriteStream(path, { flags: 'wx' }));
  if (part.file.truncated) {
    throw new AppError(
      'request.too_large',
      `The picture may have at most ${maxBytes} bytes; shrink it or save it as JPEG.`,
    );
  }
  return { path, sha256: hash.digest('hex') };
}
