import { AppError } from '@singan/domain';
import type { NamedArray, NamedArrays } from './named-arrays.ts';
import { elementCount } from './named-arrays.ts';
import { FLOAT_BYTES, LENGTH_BYTES, MAX_HEADER_BYTES, readHeader } from './safetensors-header.ts';

export interface SafetensorsFile {
  readonly tensors: NamedArrays;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes tensors in the safetensors format: u64 header length, JSON header, raw little-endian float32.
 * Equal input in equal order gives equal bytes.
 */
export function encodeSafetensors(file: SafetensorsFile): Uint8Array {
  const header = encodeHeader(file);
  const dataBytes = [...file.tensors.values()].reduce((sum, tensor) => sum + tensor.data.length * FLOAT_BYTES, 0);
  const bytes = new Uint8Array(LENGTH_BYTES + header.byteLength + dataBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.byteLength), true);
  bytes.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + header.byteLength;
  for (const { data } of file.tensors.values()) {
    for (const value of data) {
      view.setFloat32(position, value, true);
      position += FLOAT_BYTES;
    }
  }
  return bytes;
}

function encodeHeader({ tensors, metadata }: SafetensorsFile): Uint8Array {
  const entries: Array<[string, unknown]> = [['__metadata__', metadata]];
  let begin = 0;
  for (const [name, { shape, data }] of tensors) {
    if (name === '__metadata__') throw new AppError('internal', 'a tensor cannot be named __metadata__');
    if (elementCount(shape) !== data.length) {
      throw new AppError('internal', `tensor ${name}: shape [${shape}] does not fit ${data.length} values`);
    }
    const end = begin + data.length * FLOAT_BYTES;
    entries.push([name, { dtype: 'F32', shape, data_offsets: [begin, end] }]);
    begin = end;
  }
  const header = new TextEncoder().encode(padTo8(jsonObject(entries)));
  if (header.byteLength > MAX_HEADER_BYTES) {
    throw new AppError(
      'internal',
      `the header has ${header.byteLength} bytes, at most ${MAX_HEADER_BYTES} can be read back`,
    );
  }
  return header;
}

/** Not through an object: there `JSON.stringify` would move names that look like numbers to the front, and `__proto__` is special. */
function jsonObject(entries: ReadonlyArray<[string, unknown]>): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** The data should start on a multiple of 8 bytes; the format allows trailing spaces for that. */
function padTo8(text: string): string {
  const length = new TextEncoder().encode(text).byteLength;
  return text + ' '.repeat((8 - (length % 8)) % 8);
}

/**
 * Reads a safetensors file of float32 tensors.
 * @throws AppError `checkpoint.invalid` for anything that the format does not allow, for any dtype but F32, and for gaps or overlaps.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata, dataStart } = readHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensors = new Map<string, NamedArray>();
  for (const { name, shape, begin, end } of entries) {
    const data = new Float32Array((end - begin) / FLOAT_BYTES);
    for (let i = 0; i < data.length; i++) data[i] = view.getFloat32(dataStart + begin + i * FLOAT_BYTES, true);
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}
