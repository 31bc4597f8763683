import type { NamedArray } from '@singan/singan';

/** An array in a golden file: base64 of the little-endian, row-major buffer. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly dtype: 'f32' | 'f64' | 'u8' | 'i32';
  readonly b64: string;
}

/** Values as doubles, whatever the stored type. */
export function valuesOf({ dtype, b64 }: GoldenArray): Float64Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(b64, 'base64');
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  switch (dtype) {
    case 'f32':
      return Float64Array.from(new Float32Array(bytes));
    case 'f64':
      return new Float64Array(bytes);
    case 'u8':
      return Float64Array.from(new Uint8Array(bytes));
    case 'i32':
      return Float64Array.from(new Int32Array(bytes));
  }
}

/** An image or feature map, NCHW in the file, as NHWC. */
export function imageOf(array: GoldenArray): NamedArray {
  return permute(array, [0, 2, 3, 1]);
}

/** A parameter of a net: a convolution weight, OIHW in the file, as HWIO; a vector as it is. */
export function parameterOf(array: GoldenArray): NamedArray {
  return array.shape.length === 4 ? permute(array, [2, 3, 1, 0]) : plainOf(array);
}

export function plainOf(array: GoldenArray): NamedArray {
  return { shape: array.shape, data: Float32Array.from(valuesOf(array)) };
}

/** Axes of a rank 4 array in another order: `order[i]` is the axis of the file that becomes axis i. */
function permute(array: GoldenArray, order: readonly [number, number, number, number]): NamedArray {
  const values = valuesOf(array);
  const extents = array.shape as [number, number, number, number];
  const strides = extents.map((_, axis) => extents.slice(axis + 1).reduce((a, b) => a * b, 1));
  const shape = order.map((axis) => extents[axis] as number) as [number, number, number, number];
  const steps = order.map((axis) => strides[axis] as number) as [number, number, number, number];
  const data = new Float32Array(values.length);
  let position = 0;
  for (let a = 0; a < shape[0]; a++) {
    for (let b = 0; b < shape[1]; b++) {
      for (let c = 0; c < shape[2]; c++) {
        for (let d = 0; d < shape[3]; d++) {
          data[position++] = values[a * steps[0] + b * steps[1] + c * steps[2] + d * steps[3]] as number;
        }
      }
    }
  }
  return { shape, data };
}
