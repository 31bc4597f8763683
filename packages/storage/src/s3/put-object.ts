import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { HeadObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { AppError } from '@singan/domain';
import { translateFileError } from '../file-error.ts';
import type { PutOptions, StoredObject } from '../object-store.ts';
import { spool } from '../spool.ts';
import { sha256Of } from '../verify.ts';
import { translateS3Error } from './s3-error.ts';

const PART_BYTES = 8 * 1024 * 1024;
/**
 * 409 asks to try again: AWS answers it to conditional writes that collide, versitygw to a put during whose making of folders
 * a delete of a neighbour prunes them (it then says ExistingObjectIsDirectory, as it does where that is true).
 */
const CONFLICT_ATTEMPTS = 5;

export interface S3Place {
  readonly client: S3Client;
  readonly bucket: string;
  /** Name in the bucket: the prefix of the store and the key. */
  readonly name: string;
}

type Replay = () => Uint8Array | Readable;

/**
 * Uploads in one step, or in parts where it is large. A stream is written to a temporary file first: its sha256 goes into
 * the metadata, which S3 takes before the bytes, and a file can be sent again when a try fails.
 */
export async function putObject(
  place: S3Place,
  source: Uint8Array | Readable,
  options: PutOptions,
): Promise<StoredObject> {
  if (!(source instanceof Readable)) {
    const stored = { sizeBytes: source.byteLength, sha256: sha256Of(source) };
    await upload(place, () => source, { ...options, sha256: stored.sha256 });
    return stored;
  }
  const folder = await makeFolder();
  try {
    const path = join(folder, 'object');
    const file = await open(path, 'wx');
    const stored = await spool(source, file).finally(() => file.close());
    await upload(place, () => createReadStream(path), { ...options, sha256: stored.sha256 });
    return stored;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'singan-upload-')).catch((error) => {
    throw translateFileError(error, 'making a temporary folder for an upload');
  });
}

async function upload(place: S3Place, replay: Replay, o: PutOptions & { sha256: string }): Promise<void> {
  const putId = randomUUID();
  const params = {
    Bucket: place.bucket,
    Key: place.name,
    Metadata: { sha256: o.sha256, 'put-id': putId },
    ...(o.contentType === undefined ? {} : { ContentType: o.contentType }),
    ...(o.ifAbsent ? { IfNoneMatch: '*' } : {}),
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await new Upload({ client: place.client, params: { ...params, Body: replay() }, partSize: PART_BYTES }).done();
      return;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 409 && attempt < CONFLICT_ATTEMPTS) continue;
      const failure = translateS3Error(error, `writing object ${place.name}`);
      if (o.ifAbsent && (await isOursAfterAll(place, putId, failure))) return;
      throw failure;
    }
  }
}

/**
 * A conditional put whose answer got lost is sent again by the client and loses against itself; and one that a server refuses
 * before it has read the bytes may end as a reset connection. In both cases the object that is there tells who won.
 */
async function isOursAfterAll(place: S3Place, putId: string, failure: AppError): Promise<boolean> {
  if (failure.code !== 'storage.exists' && failure.code !== 'storage.unavailable') return false;
  const winner = await putIdOf(place);
  if (winner === null || winner === putId) return winner !== null;
  throw new AppError('storage.exists', `object ${place.name} exists already`, { cause: failure });
}

/** Id of the put that made the object; '' if something else did, null if there is none. */
async function putIdOf(place: S3Place): Promise<string | null> {
  try {
    const head = await place.client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.name }));
    return head.Metadata?.['put-id'] ?? '';
  } catch (error) {
    const failure = translateS3Error(error, `reading the head of ${place.name}`);
    if (failure.code === 'storage.not_found') return null;
    throw failure;
  }
}
