import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent, translateFileError } from '../file-error.ts';
import type { ListedObject } from '../object-store.ts';
import { TRAILER_BYTES } from './trailer.ts';

/** Objects below a folder whose key begins with the prefix. Whole folders that cannot hold one are not read. */
export async function* listObjects(root: string, prefix: string): AsyncGenerator<ListedObject> {
  yield* listFolder(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
}

async function* listFolder(root: string, folder: string, prefix: string): AsyncGenerator<ListedObject> {
  for (const entry of await readFolder(join(root, folder))) {
    const key = folder + entry.name;
    if (entry.isDirectory()) {
      if (`${key}/`.startsWith(prefix)) yield* listFolder(root, `${key}/`, prefix);
      continue;
    }
    if (!key.startsWith(prefix)) continue;
    const facts = await stat(join(root, key)).catch(absentAsNull);
    if (facts === null || !facts.isFile()) continue; // deleted while we listed
    yield { key, sizeBytes: Math.max(0, facts.size - TRAILER_BYTES), modifiedAt: facts.mtime };
  }
}

async function readFolder(path: string): Promise<Dirent[]> {
  return (await readdir(path, { withFileTypes: true }).catch(absentAsNull)) ?? [];
}

function absentAsNull(error: unknown): null {
  if (isAbsent(error)) return null;
  throw translateFileError(error, 'listing objects');
}
