import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamedArray } from './named-arrays.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

const anyShape = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
const anyArray: fc.Arbitrary<NamedArray> = anyShape.chain((shape) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return fc
    .array(fc.float(), { minLength: length, maxLength: length })
    .map((values) => ({ shape, data: Float32Array.from(values) }));
});
const anyName = fc.string({ unit: 'binary' }).filter((name) => name !== '__metadata__');
const anyFile = fc.record({
  tensors: fc.array(fc.tuple(anyName, anyArray), { maxLength: 6 }).map((pairs) => new Map(pairs)),
  metadata: fc.dictionary(anyName, fc.string()),
});

/** A file with any header text, and data of any length. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.byteLength + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  bytes.set(text, 8);
  return bytes;
}

function rejection(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    if (error instanceof AppError && error.code === 'checkpoint.invalid') return error.message;
    throw error;
  }
  return 'accepted';
}

const F32 = (begin: number, end: number) =>
  `{"dtype":"F32","shape":[${(end - begin) / 4}],"data_offsets":[${begin},${end}]}`;

describe('safetensors', () => {
  it('gives back every tensor and all metadata it was given', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const decoded = decodeSafetensors(encodeSafetensors(file));
        expect(decoded.tensors.size).toBe(file.tensors.size);
        for (const [name, { shape, data }] of file.tensors) {
          const got = decoded.tensors.get(name);
          expect(got?.shape).toEqual(shape);
          expect([...(got?.data ?? [])]).toEqual([...data]);
        }
        expect({ ...decoded.metadata }).toEqual({ ...file.metadata });
      }),
    );
  });

  it('writes the bytes of the published format', () => {
    const bytes = encodeSafetensors({
      tensors: new Map([['a', { shape: [2], data: Float32Array.of(1, -2) }]]),
      metadata: { k: 'v' },
    });
    const header = '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const expected = fileOf(padded, 8);
    expected.set([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], 8 + padded.length);
    expect(bytes).toEqual(expected);
  });

  it('reads a file from the middle of a larger buffer', () => {
    const bytes = encodeSafetensors({
      tensors: new Map([['a', { shape: [1], data: Float32Array.of(7) }]]),
      metadata: {},
    });
    const larger = new Uint8Array(bytes.byteLength + 3);
    larger.set(bytes, 3);
    expect(decodeSafetensors(larger.subarray(3)).tensors.get('a')?.data).toEqual(Float32Array.of(7));
  });

  it('never fails but with checkpoint.invalid, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void rejection(bytes)));
  });

  it('never fails but with checkpoint.invalid when a good file is damaged in one place', () => {
    fc.assert(
      fc.property(anyFile, fc.nat(), fc.nat({ max: 255 }), (file, position, value) => {
        const bytes = encodeSafetensors(file);
        bytes[position % bytes.byteLength] = value;
        rejection(bytes);
      }),
    );
  });

  it('rejects every truncation and every extension of a file with data', () => {
    const bytes = encodeSafetensors({
      tensors: new Map([['a', { shape: [3], data: new Float32Array(3) }]]),
      metadata: {},
    });
    for (let length = 0; length < bytes.byteLength; length++)
      expect(rejection(bytes.subarray(0, length))).not.toBe('accepted');
    expect(rejection(new Uint8Array([...bytes, 0]))).toMatch(/expected 12 bytes of data, got 13/);
  });

  it.each([
    ['an empty header', '', 0, /header of 2 to/],
    ['a header that is no JSON', '{"a":', 0, /in JSON/],
    ['a header that does not start with a brace', ' {}', 0, /start with/],
    ['an array as header', '[]', 0, /start with/],
    ['a gap between tensors', `{"a":${F32(0, 4)},"b":${F32(8, 12)}}`, 12, /b: expected its data at 4, got 8/],
    ['overlapping tensors', `{"a":${F32(0, 8)},"b":${F32(4, 12)}}`, 12, /b: expected its data at 8, got 4/],
    ['two tensors on the same bytes', `{"a":${F32(0, 4)},"b":${F32(0, 4)}}`, 4, /expected its data at 4, got 0/],
    ['a tensor beyond the end', `{"a":${F32(0, 400)}}`, 4, /expected 400 bytes of data, got 4/],
    ['data that no tensor owns', '{}', 4, /expected 0 bytes of data, got 4/],
    ['a name that stands twice', `{"a":${F32(0, 4)},"a":${F32(0, 4)}}`, 4, /"a" twice/],
    ['a name that stands twice, written differently', `{"a":${F32(0, 4)},"\\u0061":${F32(0, 4)}}`, 4, /"a" twice/],
    [
      'a field that stands twice',
      '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
      /"dtype" twice/,
    ],
    ['offsets in the wrong order', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4, /needs 4 bytes/],
    ['a negative offset', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}', 4, /two non-negative offsets/],
    ['a fraction in the shape', '{"a":{"dtype":"F32","shape":[0.5],"data_offsets":[0,2]}}', 2, /non-negative integers/],
    [
      'a shape that overflows',
      '{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}',
      4,
      /needs/,
    ],
    ['another dtype', '{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}', 4, /expected dtype F32, got "F16"/],
    ['an unknown field', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}', 4, /unexpected field "x"/],
    ['metadata that are no strings', '{"__metadata__":{"a":1}}', 0, /expected __metadata__.a to be a string/],
  ])('rejects %s', (_, header, dataBytes, message) => {
    expect(rejection(fileOf(header, dataBytes))).toMatch(message);
  });

  it('rejects a header longer than the limit without reading it', () => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 63n, true);
    expect(rejection(bytes)).toMatch(/got 9223372036854775808/);
  });

  it('rejects a header that is no UTF-8', () => {
    const bytes = fileOf('{"a":1}', 0);
    bytes[10] = 0xff;
    expect(rejection(bytes)).toMatch(/UTF-8/);
  });
});
