import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError } from '@singan/domain';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function corrupt(key: string, detail: string): AppError {
  return new AppError('storage.corrupt', `object ${key}: ${detail}`);
}

/** The same bytes; ends with storage.corrupt when they are not those of the sha256. `translate` turns the source's errors into ours. */
export function verifiedStream(
  source: Readable,
  o: { key: string; sha256: string | undefined; translate: (error: unknown) => AppError },
): Readable {
  async function* verify(): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of source) {
        hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      throw o.translate(error);
    }
    if (o.sha256 === undefined) return;
    const got = hash.digest('hex');
    if (got !== o.sha256) throw corrupt(o.key, `expected sha256 ${o.sha256}, got ${got}`);
  }
  const body = Readable.from(verify(), { objectMode: false });
  // a generator that never ran has no `finally`: a body closed unread would leave its file or socket open
  body.once('close', () => source.destroy());
  return body;
}
