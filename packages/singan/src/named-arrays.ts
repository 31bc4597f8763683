import { AppError } from '@singan/domain';

/** A tensor in host memory: float32, row-major. `data.length` is the product of `shape`. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name, e.g. `generator.block2.weight`. The order of insertion is the order in files. */
export type NamedArrays = ReadonlyMap<string, NamedArray>;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** @throws AppError `checkpoint.invalid` when there is none of that name. */
export function requireArray(arrays: NamedArrays, name: string): NamedArray {
  const array = arrays.get(name);
  if (!array) throw new AppError('checkpoint.invalid', `expected a tensor ${name}, got none`);
  return array;
}
