import { createHash } from 'node:crypto';
import { AppError } from '@singan/domain';
import type { ObjectStore } from '@singan/storage';

/** The bytes of an object, compared with the checksum that the database keeps of it. */
export async function readVerified(store: ObjectStore, o: { key: string; sha256: string }): Promise<Buffer> {
  const bytes = await store.get(o.key);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === o.sha256) return bytes;
  throw new AppError('storage.corrupt', `${o.key}: expected bytes with SHA-256 ${o.sha256}, got ${sha256}.`);
}
