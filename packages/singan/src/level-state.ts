import { AppError } from '@singan/domain';
import { type NamedArrays, requireArray } from './named-arrays.ts';
import { encodeSafetensors } from './safetensors.ts';

/** `scale`: a finished scale or stage. `checkpoint`: one in training, with the state of its optimisers. */
export type StateKind = 'scale' | 'checkpoint';

/** What all files of one training have in common. */
export interface TrainingIdentity {
  readonly configHash: string;
  readonly imageHash: string;
}

/** What the files of both schemes hold. */
export interface LevelState extends TrainingIdentity {
  readonly kind: StateKind;
  /** Iterations done. */
  readonly iteration: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly arrays: NamedArrays;
}

/** Bytes of a scale file, stage file or checkpoint: safetensors with the numbers as metadata. Equal input in equal order gives equal bytes. */
export function encodeLevelState(
  facts: Readonly<Record<string, string | number | readonly number[]>>,
  arrays: NamedArrays,
): Uint8Array {
  // The shortest text of a double is read back as that double.
  const texts = Object.entries(facts).map(([key, value]) => [
    key,
    typeof value === 'object' ? value.join(' ') : `${value}`,
  ]);
  return encodeSafetensors({ tensors: arrays, metadata: Object.fromEntries(texts) });
}

/** Reads metadata of a file; what is not as it should be is told as `checkpoint.invalid`. */
export interface MetadataReader {
  text(key: string): string;
  /** Text that can only be one of a few. */
  expect(key: string, ...values: readonly string[]): string;
  oneOf<T extends string>(key: string, values: readonly T[]): T;
  count(key: string): number;
  /** >= 0 */
  number(key: string): number;
  /** Each >= 0, with spaces between. */
  numbers(key: string): number[];
}

/** @param what file they are of, for messages */
export function readMetadata(metadata: Readonly<Record<string, string>>, what: string): MetadataReader {
  const fail = (detail: string): never => failState(what, detail);
  const text = (key: string): string => metadata[key] ?? fail(`expected metadata ${key}, got none`);
  const expected = (key: string, values: string) => fail(`expected ${key} ${values}, got ${text(key)}`);
  const mustBe = (key: string, values: string, got = text(key)) =>
    fail(`expected ${key} to be ${values}, got ${JSON.stringify(got)}`);
  return {
    text,
    expect: (key, ...values) => values.find((one) => one === text(key)) ?? expected(key, values.join(' or ')),
    oneOf: (key, values) => values.find((one) => one === text(key)) ?? mustBe(key, `one of ${values.join(', ')}`),
    count: (key) => (/^\d{1,9}$/.test(text(key)) ? Number(text(key)) : mustBe(key, 'a count')),
    number: (key) => parseNumber(text(key)) ?? mustBe(key, 'a number >= 0'),
    numbers: (key) => {
      const parts = text(key).split(' ');
      return parts.map((part) => parseNumber(part) ?? mustBe(key, 'numbers >= 0', part));
    },
  };
}

function parseNumber(text: string): number | null {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** @throws AppError `checkpoint.invalid` unless the arrays are those expected, of their shapes, and no others */
export function requireShapes(
  arrays: NamedArrays,
  expected: ReadonlyMap<string, readonly number[]>,
  what: string,
): void {
  for (const [name, shape] of expected) {
    const got = requireArray(arrays, name).shape;
    if (got.join() !== shape.join()) failState(what, `expected ${name} of shape [${shape}], got [${got}]`);
  }
  const unknown = [...arrays.keys()].find((name) => !expected.has(name));
  if (unknown !== undefined) failState(what, `unexpected tensor ${unknown}`);
}

/** @param what file it is of, e.g. `scale file` */
export function failState(what: string, detail: string): never {
  throw new AppError('checkpoint.invalid', `${what}: ${detail}`);
}
