import type { Readable } from 'node:stream';

/** Both ends are included, as in HTTP; an end past the object means its last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  readonly contentType?: string;
  /** Fail with storage.exists where the key is taken; of several at once exactly one succeeds. */
  readonly ifAbsent?: boolean;
}

export interface StoredObject {
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface ObjectHead {
  readonly sizeBytes: number;
  /** Absent for objects that something else wrote. */
  readonly sha256?: string;
  readonly contentType?: string;
  readonly modifiedAt: Date;
}

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

export interface ObjectStream {
  readonly body: Readable;
  /** Size of the whole object, also where a range was asked for. */
  readonly sizeBytes: number;
  /** Number of bytes that `body` yields. */
  readonly bodyBytes: number;
}

export interface SignedUrlOptions {
  readonly expiresSeconds: number;
  /** Content type of the answer, in place of the stored one. */
  readonly contentType?: string;
  /** Name under which a browser saves it. */
  readonly filename?: string;
}

/**
 * Bytes under keys. A key becomes visible only when its object is complete; an object is replaced in one step.
 * Errors are AppErrors with storage.* codes; errors of a put's source stream are passed on as they are.
 */
export interface ObjectStore {
  put(key: string, bytes: Uint8Array | Readable, options?: PutOptions): Promise<StoredObject>;
  /** The whole object, verified by its sha256; storage.not_found, storage.corrupt. */
  get(key: string): Promise<Buffer>;
  /** The whole object is verified while it flows (a mismatch is an error of `body` at its end), a range is not. artifact.range_invalid. */
  stream(key: string, range?: ByteRange): Promise<ObjectStream>;
  head(key: string): Promise<ObjectHead | null>;
  /** Absent keys are fine. */
  delete(keys: readonly string[]): Promise<void>;
  /** All objects whose key begins with the prefix ('' for all), in no promised order. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** An address that gives the object to anyone who has it; null where the store has none (local folder). */
  signedUrl(key: string, options: SignedUrlOptions): Promise<string | null>;
  /** Fails when the store cannot be used. */
  check(): Promise<void>;
  close(): Promise<void>;
}
