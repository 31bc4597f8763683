import { mkdir, readdir, readFile, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { type Clock, systemClock } from '@singan/domain';
import { checkRange, clipRange } from '../byte-range.ts';
import { checkContentType } from '../content-type.ts';
import { codeOf, isAbsent, translateFileError } from '../file-error.ts';
import { checkKey, checkPrefix } from '../object-key.ts';
import type { ByteRange, ObjectStore, ObjectStream } from '../object-store.ts';
import { corrupt, sha256Of, verifiedStream } from '../verify.ts';
import { listObjects } from './list-objects.ts';
import { notFound, openObject } from './read-object.ts';
import { decodeTrailer, TRAILER_BYTES } from './trailer.ts';
import { writeObject } from './write-object.ts';

/** An upload that takes longer than this has died with its process. */
const UNFINISHED_FILE_MAX_AGE_MS = 24 * 60 * 60 * 1000;

export interface LocalStoreOptions {
  readonly directory: string;
  readonly clock?: Clock;
}

/** Objects as files below `directory`/objects, each with a trailer (see trailer.ts); several processes may share it. */
export function createLocalStore(o: LocalStoreOptions): ObjectStore {
  const root = join(resolve(o.directory), 'objects');
  const temporaryFolder = join(resolve(o.directory), 'unfinished');
  const pathOf = (key: string) => {
    checkKey(key);
    return join(root, key);
  };
  const prepare = once(() => prepareFolders(root, temporaryFolder, o.clock ?? systemClock));
  return {
    put: async (key, bytes, options = {}) => {
      const path = pathOf(key);
      checkContentType(options.contentType);
      await prepare();
      return writeObject(bytes, { ...options, key, path, temporaryFolder });
    },
    get: async (key) => readWhole(pathOf(key), key),
    stream: async (key, range) => streamObject(pathOf(key), key, range),
    head: async (key) => {
      const path = pathOf(key);
      const object = await openObject(path, key).catch((error) => {
        if (codeOf(error) === 'storage.not_found') return null;
        throw error;
      });
      if (object === null) return null;
      await object.file.close();
      return { sizeBytes: object.sizeBytes, modifiedAt: object.modifiedAt, ...object.trailer };
    },
    delete: async (keys) => {
      for (const path of keys.map(pathOf)) await deleteObject(path, root);
    },
    list: (prefix) => {
      checkPrefix(prefix);
      return listObjects(root, prefix);
    },
    signedUrl: async (key) => {
      checkKey(key);
      return null;
    },
    check: async () => {
      await prepare();
      await writeObject(Buffer.from('check'), {
        key: 'check',
        path: join(temporaryFolder, 'check'),
        temporaryFolder,
      });
    },
    close: async () => undefined,
  };
}

/** Runs an action at its first call; later calls share its outcome, but a failure is tried again. */
function once(action: () => Promise<void>): () => Promise<void> {
  let outcome: Promise<void> | null = null;
  return () => {
    outcome ??= action().catch((error) => {
      outcome = null;
      throw error;
    });
    return outcome;
  };
}

async function prepareFolders(root: string, temporaryFolder: string, clock: Clock): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    await mkdir(temporaryFolder, { recursive: true });
    for (const name of await readdir(temporaryFolder)) {
      const path = join(temporaryFolder, name);
      const facts = await stat(path).catch(() => null); // another process tidies too
      if (facts !== null && clock.now().getTime() - facts.mtimeMs > UNFINISHED_FILE_MAX_AGE_MS)
        await rm(path, { force: true });
    }
  } catch (error) {
    throw translateFileError(error, `preparing the folder ${dirname(root)}`);
  }
}

async function readWhole(path: string, key: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error) => {
    throw isAbsent(error) ? notFound(key, error) : translateFileError(error, `reading object ${key}`);
  });
  const trailer = decodeTrailer(bytes.subarray(Math.max(0, bytes.length - TRAILER_BYTES)));
  if (trailer === null) throw corrupt(key, 'expected the trailer of a complete object at the end of the file');
  const content = bytes.subarray(0, bytes.length - TRAILER_BYTES);
  const got = sha256Of(content);
  if (got !== trailer.sha256) throw corrupt(key, `expected sha256 ${trailer.sha256}, got ${got}`);
  return content;
}

async function streamObject(path: string, key: string, range: ByteRange | undefined): Promise<ObjectStream> {
  if (range !== undefined) checkRange(range);
  const { file, sizeBytes, trailer } = await openObject(path, key);
  try {
    const { start, end } = range === undefined ? { start: 0, end: sizeBytes - 1 } : clipRange(range, sizeBytes);
    const bodyBytes = end - start + 1;
    const source = bodyBytes === 0 ? Readable.from([]) : file.createReadStream({ start, end });
    if (bodyBytes === 0) await file.close();
    const sha256 = range === undefined ? trailer.sha256 : undefined;
    const translate = (error: unknown) => translateFileError(error, `reading object ${key}`);
    return { body: verifiedStream(source, { key, sha256, translate }), sizeBytes, bodyBytes };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Removes a file, then its folders as far as they are empty. */
async function deleteObject(path: string, root: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    // EPERM: macOS's answer to unlinking a folder, which is no object
    if (isAbsent(error) || (codeOf(error) === 'EPERM' && (await stat(path)).isDirectory())) return;
    throw translateFileError(error, 'deleting an object');
  }
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return; // not empty, or another delete was faster
    }
  }
}
