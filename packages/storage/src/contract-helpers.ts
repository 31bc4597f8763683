import type { ErrorCode } from '@singan/domain';
import { expect } from 'vitest';
import type { ObjectStore } from './object-store.ts';

export const MIB = 1024 * 1024;

export const failsWith = (code: ErrorCode) => expect.objectContaining({ name: 'AppError', code });

export async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}

/** The bytes of an object as its stream has them. */
export async function bytesOf(store: ObjectStore, key: string): Promise<Buffer> {
  return Buffer.concat(await (await store.stream(key)).body.toArray());
}
