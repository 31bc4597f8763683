import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { AppError } from '@singan/domain';
import { checkRange } from '../byte-range.ts';
import { checkContentType } from '../content-type.ts';
import { checkKey, checkPrefix } from '../object-key.ts';
import type {
  ByteRange,
  ListedObject,
  ObjectHead,
  ObjectStore,
  ObjectStream,
  SignedUrlOptions,
} from '../object-store.ts';
import { verifiedStream } from '../verify.ts';
import { contentDisposition } from './content-disposition.ts';
import { putObject, type S3Place } from './put-object.ts';
import { translateS3Error } from './s3-error.ts';

/** What one DeleteObjects request takes. */
const DELETE_BATCH = 1000;

export interface S3StoreOptions {
  /** Absent: AWS. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** True for servers that do not answer to bucket.host names. */
  readonly forcePathStyle: boolean;
  /** Folder in the bucket; absent: the whole bucket is ours. */
  readonly prefix?: string;
}

/** Objects in a bucket of an S3 server; the sha256 travels in the metadata and is verified when read. */
export function createS3Store(o: S3StoreOptions): ObjectStore {
  if (o.prefix !== undefined) checkKey(o.prefix);
  const client = createClient(o);
  const root = o.prefix === undefined ? '' : `${o.prefix}/`;
  const placeOf = (key: string): S3Place => {
    checkKey(key);
    return { client, bucket: o.bucket, name: root + key };
  };
  return {
    put: async (key, bytes, options = {}) => {
      const place = placeOf(key);
      checkContentType(options.contentType);
      return putObject(place, bytes, options);
    },
    get: async (key) => {
      const { body } = await streamObject(placeOf(key), key, undefined);
      return Buffer.concat(await body.toArray());
    },
    stream: async (key, range) => streamObject(placeOf(key), key, range),
    head: async (key) => headObject(placeOf(key)),
    delete: async (keys) =>
      deleteObjects(
        client,
        o.bucket,
        keys.map((key) => placeOf(key).name),
      ),
    list: (prefix) => {
      checkPrefix(prefix);
      return listObjects({ client, bucket: o.bucket, name: root + prefix }, root);
    },
    signedUrl: async (key, options) => signGet(placeOf(key), options),
    check: async () => {
      await client.send(new HeadBucketCommand({ Bucket: o.bucket })).catch((error) => {
        const answer = translateS3Error(error, `checking bucket ${o.bucket}`);
        throw answer.code === 'storage.not_found'
          ? new AppError('storage.refused', `bucket ${o.bucket} does not exist`, { cause: error })
          : answer;
      });
    },
    close: async () => client.destroy(),
  };
}

function createClient(o: S3StoreOptions): S3Client {
  return new S3Client({
    ...(o.endpoint === undefined ? {} : { endpoint: o.endpoint }),
    region: o.region,
    credentials: { accessKeyId: o.accessKeyId, secretAccessKey: o.secretAccessKey },
    forcePathStyle: o.forcePathStyle,
    maxAttempts: 4,
    // a part of 8 MiB in 60 s is the slowest line we put up with; a reader of a stream may pause for two minutes
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      socketTimeout: 120_000,
    },
  });
}

async function streamObject(place: S3Place, key: string, range: ByteRange | undefined): Promise<ObjectStream> {
  if (range !== undefined) checkRange(range);
  const translate = (error: unknown) => translateS3Error(error, `reading object ${key}`);
  const command = new GetObjectCommand({
    Bucket: place.bucket,
    Key: place.name,
    ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` }),
  });
  const answer = await place.client.send(command).catch((error) => {
    throw translate(error);
  });
  const { Body: source, ContentLength: bodyBytes } = answer;
  if (!(source instanceof Readable) || bodyBytes === undefined)
    throw new AppError('storage.unavailable', `reading object ${key}: expected a body with a length`);
  const sizeBytes = range === undefined ? bodyBytes : Number(answer.ContentRange?.split('/')[1]);
  if (!Number.isSafeInteger(sizeBytes)) {
    source.destroy();
    throw new AppError(
      'storage.unavailable',
      `reading object ${key}: expected a Content-Range with a size, got ${answer.ContentRange}`,
    );
  }
  const { sha256 } = range === undefined ? (answer.Metadata ?? {}) : {};
  return { body: verifiedStream(source, { key, sha256, translate }), sizeBytes, bodyBytes };
}

async function headObject(place: S3Place): Promise<ObjectHead | null> {
  try {
    const answer = await place.client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.name }));
    const { sha256 } = answer.Metadata ?? {};
    return {
      sizeBytes: answer.ContentLength ?? 0,
      modifiedAt: answer.LastModified ?? new Date(0),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(answer.ContentType === undefined ? {} : { contentType: answer.ContentType }),
    };
  } catch (error) {
    const translated = translateS3Error(error, `reading the head of ${place.name}`);
    if (translated.code === 'storage.not_found') return null;
    throw translated;
  }
}

async function deleteObjects(client: S3Client, bucket: string, names: readonly string[]): Promise<void> {
  for (let start = 0; start < names.length; start += DELETE_BATCH) {
    const batch = names.slice(start, start + DELETE_BATCH);
    const command = new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: batch.map((Key) => ({ Key })), Quiet: true },
    });
    const answer = await client.send(command).catch((error) => {
      throw translateS3Error(error, `deleting ${batch.length} objects`);
    });
    const failed = (answer.Errors ?? []).filter((error) => error.Code !== 'NoSuchKey');
    if (failed.length === 0) continue;
    const [first] = failed;
    throw new AppError(
      'storage.unavailable',
      `deleting: ${failed.length} of ${batch.length} objects failed, the first ${first?.Key} with ${first?.Code}: ${first?.Message}`,
    );
  }
}

async function* listObjects(place: S3Place, root: string): AsyncGenerator<ListedObject> {
  try {
    for await (const page of paginateListObjectsV2(
      { client: place.client },
      { Bucket: place.bucket, Prefix: place.name },
    )) {
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key === undefined || Key.endsWith('/')) continue; // markers of empty folders that consoles make
        yield { key: Key.slice(root.length), sizeBytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
      }
    }
  } catch (error) {
    throw translateS3Error(error, `listing objects under ${place.name}`);
  }
}

function signGet(place: S3Place, o: SignedUrlOptions): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: place.bucket,
    Key: place.name,
    ...(o.contentType === undefined ? {} : { ResponseContentType: o.contentType }),
    ...(o.filename === undefined ? {} : { ResponseContentDisposition: contentDisposition(o.filename) }),
  });
  return getSignedUrl(place.client, command, { expiresIn: o.expiresSeconds });
}
