import { AppError } from '@singan/domain';
import { findDuplicateKey } from './duplicate-keys.ts';
import { elementCount } from './named-arrays.ts';

/** Bytes before the header: its length as an unsigned 64-bit little-endian integer. */
export const LENGTH_BYTES = 8;
/** Longest header read: a scale has about 60 tensors and 10 kB of header, so this is plenty and still cheap to parse. */
export const MAX_HEADER_BYTES = 1 << 20;
export const FLOAT_BYTES = 4;

interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** Byte range [begin, end) in the data that follow the header. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their data. */
  readonly entries: readonly TensorEntry[];
  /** Where the data start in the file. */
  readonly dataStart: number;
}

/**
 * Reads and checks the header of a safetensors file: every byte of the data belongs to exactly one tensor.
 * @throws AppError `checkpoint.invalid` that says what was expected and what was got.
 */
export function readHeader(bytes: Uint8Array): SafetensorsHeader {
  const text = headerText(bytes);
  const dataStart = LENGTH_BYTES + headerLength(bytes);
  const header = parseObject(text);
  const { __metadata__: metadata, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, bytes.byteLength - dataStart);
  return { metadata: readMetadata(metadata), entries, dataStart };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.byteLength < LENGTH_BYTES)
    throw invalid(`expected at least ${LENGTH_BYTES} bytes, got ${bytes.byteLength}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const limit = Math.min(MAX_HEADER_BYTES, bytes.byteLength - LENGTH_BYTES);
  if (length < 2n || length > BigInt(limit)) throw invalid(`expected a header of 2 to ${limit} bytes, got ${length}`);
  return Number(length);
}

function headerText(bytes: Uint8Array): string {
  const header = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerLength(bytes));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw invalid('expected a header in UTF-8', cause);
  }
}

function parseObject(text: string): Record<string, unknown> {
  // The format asks for `{` as the first byte and allows spaces only at the end.
  if (!text.startsWith('{'))
    throw invalid(`expected the header to start with "{", got ${JSON.stringify(text.slice(0, 1))}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw invalid('expected a header in JSON', cause);
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null) throw invalid(`expected every name once, got ${JSON.stringify(duplicate)} twice`);
  if (!isRecord(parsed)) throw invalid('expected the header to be an object');
  return parsed;
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw invalid('expected __metadata__ to be an object');
  const wrong = Object.entries(value).find(([, text]) => typeof text !== 'string');
  if (wrong) throw invalid(`expected __metadata__.${wrong[0]} to be a string, got ${typeof wrong[1]}`);
  return value as Record<string, string>;
}

function readEntry(name: string, value: unknown): TensorEntry {
  if (!isRecord(value)) throw invalid(`expected an object for tensor ${name}`);
  const unknown = Object.keys(value).find((key) => !['dtype', 'shape', 'data_offsets'].includes(key));
  if (unknown !== undefined) throw invalid(`tensor ${name}: unexpected field ${JSON.stringify(unknown)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (dtype !== 'F32') throw invalid(`tensor ${name}: expected dtype F32, got ${JSON.stringify(dtype)}`);
  if (!isIntegers(shape)) throw invalid(`tensor ${name}: expected a shape of non-negative integers`);
  if (!isIntegers(offsets) || offsets.length !== 2) throw invalid(`tensor ${name}: expected two non-negative offsets`);
  const [begin = 0, end = 0] = offsets;
  const wanted = elementCount(shape) * FLOAT_BYTES;
  if (end - begin !== wanted)
    throw invalid(`tensor ${name}: shape [${shape}] needs ${wanted} bytes, offsets hold ${end - begin}`);
  return { name, shape, begin, end };
}

/** No gap, no overlap, nothing left over: else bytes could hide in a file, or one tensor alias another. */
function checkCoverage(entries: readonly TensorEntry[], dataBytes: number): void {
  let position = 0;
  for (const entry of entries) {
    if (entry.begin !== position)
      throw invalid(`tensor ${entry.name}: expected its data at ${position}, got ${entry.begin}`);
    position = entry.end;
  }
  if (position !== dataBytes) throw invalid(`expected ${position} bytes of data, got ${dataBytes}`);
}

function isIntegers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(detail: string, cause?: unknown): AppError {
  return new AppError('checkpoint.invalid', `safetensors: ${detail}`, { cause });
}
