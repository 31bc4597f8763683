import type { ErrorCode } from '@singan/domain';
import { expect } from 'vitest';
import type { ObjectStore } from './object-store.ts';

export const failsWith = (code: ErrorCode) => expect.objectContaining({ name: 'AppError', code });

export async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}
