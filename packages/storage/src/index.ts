export { createObjectStore, type StorageConfig } from './create-object-store.ts';
export { createLocalStore, type LocalStoreOptions } from './local/local-store.ts';
export { checkKey, MAX_KEY_BYTES, MAX_PART_BYTES } from './object-key.ts';
export type {
  ByteRange,
  ListedObject,
  ObjectHead,
  ObjectStore,
  ObjectStream,
  PutOptions,
  SignedUrlOptions,
  StoredObject,
} from './object-store.ts';
export { createS3Store, type S3StoreOptions } from './s3/s3-store.ts';
