import { assertNever } from '@singan/domain';
import { createLocalStore, type LocalStoreOptions } from './local/local-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createS3Store, type S3StoreOptions } from './s3/s3-store.ts';

export type StorageConfig =
  | ({ readonly kind: 'local' } & LocalStoreOptions)
  | ({ readonly kind: 's3' } & S3StoreOptions);

/** The store that the configuration names. */
export function createObjectStore(config: StorageConfig): ObjectStore {
  switch (config.kind) {
    case 'local':
      return createLocalStore(config);
    case 's3':
      return createS3Store(config);
    default:
      return assertNever(config);
  }
}
