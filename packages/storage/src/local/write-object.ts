import { randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '@singan/domain';
import { codeOf, isAbsent, translateFileError } from '../file-error.ts';
import type { PutOptions, StoredObject } from '../object-store.ts';
import { spool } from '../spool.ts';
import { encodeTrailer } from './trailer.ts';

/** A delete may prune a new folder again before the file is in it; each round needs another such delete in the same instant. */
const FOLDER_ATTEMPTS = 50;

interface WriteOptions extends PutOptions {
  readonly key: string;
  readonly path: string;
  /** Folder for unfinished files, on the same file system. */
  readonly temporaryFolder: string;
}

/** Writes a complete, flushed temporary file, then moves it to its place in one step. */
export async function writeObject(bytes: Uint8Array | Readable, o: WriteOptions): Promise<StoredObject> {
  const temporary = join(o.temporaryFolder, randomUUID());
  const file = await open(temporary, 'wx').catch((error) => {
    throw translateFileError(error, `writing object ${o.key}`);
  });
  try {
    const stored = await fill(file, bytes, o.contentType);
    await moveIntoPlace(temporary, o);
    return stored;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function fill(
  file: FileHandle,
  bytes: Uint8Array | Readable,
  contentType: string | undefined,
): Promise<StoredObject> {
  try {
    const stored = await spool(bytes, file);
    try {
      await file.writeFile(
        encodeTrailer({ sha256: stored.sha256, ...(contentType === undefined ? {} : { contentType }) }),
      );
      await file.sync();
    } catch (error) {
      throw translateFileError(error, 'flushing an object');
    }
    return stored;
  } finally {
    await file.close();
  }
}

async function moveIntoPlace(temporary: string, o: WriteOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const firstNewFolder = await mkdir(dirname(o.path), { recursive: true });
      // link, unlike rename, fails where the name is taken: exactly one of several writers wins
      await (o.ifAbsent ? link(temporary, o.path) : rename(temporary, o.path));
      await syncFolders(dirname(o.path), firstNewFolder === undefined ? dirname(o.path) : dirname(firstNewFolder));
      return;
    } catch (error) {
      if (o.ifAbsent && codeOf(error) === 'EEXIST')
        throw new AppError('storage.exists', `object ${o.key} exists already`, { cause: error });
      if (codeOf(error) === 'ENOENT' && attempt < FOLDER_ATTEMPTS) continue;
      throw translateFileError(error, `writing object ${o.key}`);
    }
  }
}

/** Flushes the names in `folder` and in its parents up to `last`; one that a delete pruned meanwhile needs none. */
async function syncFolders(folder: string, last: string): Promise<void> {
  for (let current = folder; ; current = dirname(current)) {
    try {
      const handle = await open(current, 'r');
      await handle.sync().finally(() => handle.close());
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    if (current === last || current === dirname(current)) return;
  }
}
