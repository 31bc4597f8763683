import { AppError } from '@singan/domain';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, tensor1d } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { startEngine } from '../start-engine.ts';

const BLOCK_BYTES = 512 * 2 ** 20;
/** As many as make more than a heap can ever hold; nothing is written to them. */
const BLOCKS = 9;

it('a full heap is an error that says so, and what was there before stays', async () => {
  await startEngine('wasm');
  const heap = (backend() as BackendWasm).wasm as unknown as {
    _malloc(bytes: number): number;
    _free(at: number): void;
  };
  const kept = tensor1d([1, 2, 3]);
  const blocks: number[] = [];
  const fill = () => {
    for (let i = 0; i < BLOCKS; i++) blocks.push(heap._malloc(BLOCK_BYTES));
  };
  expect(fill).toThrow(AppError);
  expect(fill).toThrow(/no room for 512 MiB more/);
  for (const block of blocks) heap._free(block);
  const after = tensor1d([4]);
  expect([...kept.dataSync(), ...after.dataSync()]).toEqual([1, 2, 3, 4]);
});
