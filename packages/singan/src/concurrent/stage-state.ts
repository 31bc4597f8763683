import { AppError } from '@singan/domain';
import { momentName } from '../adam.ts';
import { type NamedArrays, requireArray } from '../named-arrays.ts';
import { IMAGE_CHANNELS } from '../net-layout.ts';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.ts';
import { RECONSTRUCTION_NOISE, type ScaleStateKind } from '../scale-state.ts';
import { discriminatorShapes, generatorShapes, type StageNormalization } from './layout.ts';
import { layersOf, trainedParts } from './trained-parts.ts';

/** Version of the layout below; raise it when a reader of today could not read the files of tomorrow. */
const FORMAT = 'singan-stage';
const VERSION = 1;
const NORMALIZATIONS: readonly StageNormalization[] = ['batch', 'none'];

/** A finished stage, or one in training: it holds the whole generator so far, so that one file is a model. */
export interface StageState {
  readonly kind: ScaleStateKind;
  /** Of the training it belongs to. */
  readonly configHash: string;
  readonly imageHash: string;
  /** The newest one. */
  readonly stage: number;
  /** Iterations of it that are done. */
  readonly iteration: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly normalization: StageNormalization;
  readonly concurrentStages: number;
  /** sigma of each stage so far; 1 at stage 0. */
  readonly noiseAmplitudes: readonly number[];
  /**
   * Weights of generator and discriminator, and `reconstructionNoise`: the picture in the size
   * of stage 0, [1, height, width, 3]; in a checkpoint also Adam's moments of what is trained.
   */
  readonly arrays: NamedArrays;
}

/** Bytes of a stage file or checkpoint: safetensors with the numbers as metadata. Equal states give equal bytes. */
export function encodeStageState({ arrays, ...facts }: StageState): Uint8Array {
  const metadata = { format: FORMAT, version: VERSION, ...facts };
  // The shortest text of a double is read back as that double.
  const texts = Object.entries(metadata).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.join(' ') : `${value}`,
  ]);
  return encodeSafetensors({ tensors: arrays, metadata: Object.fromEntries(texts) });
}

/**
 * Reads a stage file or checkpoint and checks that it is whole: every tensor there, of the right shape, and no other.
 * @throws AppError `checkpoint.invalid`
 */
export function decodeStageState(bytes: Uint8Array, kind: ScaleStateKind): StageState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const text = (key: string): string => metadata[key] ?? fail(`expected metadata ${key}, got none`);
  const count = (key: string): number => parseCount(key, text(key));
  for (const [key, expected] of Object.entries({ format: FORMAT, version: `${VERSION}`, kind })) {
    if (text(key) !== expected) fail(`expected ${key} ${expected}, got ${text(key)}`);
  }
  const state: StageState = {
    kind,
    configHash: text('configHash'),
    imageHash: text('imageHash'),
    stage: count('stage'),
    iteration: count('iteration'),
    width: count('width'),
    height: count('height'),
    channels: count('channels'),
    normalization: parseNormalization(text('normalization')),
    concurrentStages: count('concurrentStages'),
    noiseAmplitudes: text('noiseAmplitudes').split(' ').map(parseAmplitude),
    arrays: tensors,
  };
  checkAmplitudes(state);
  checkArrays(state);
  return state;
}

function parseCount(key: string, text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : fail(`expected ${key} to be a count, got ${JSON.stringify(text)}`);
}

function parseAmplitude(text: string): number {
  const value = Number(text);
  const isValid = text !== '' && Number.isFinite(value) && value >= 0;
  return isValid ? value : fail(`expected noiseAmplitudes to be numbers >= 0, got ${JSON.stringify(text)}`);
}

function parseNormalization(text: string): StageNormalization {
  const known = NORMALIZATIONS.find((one) => one === text);
  return known ?? fail(`expected normalization to be one of ${NORMALIZATIONS.join(', ')}, got ${JSON.stringify(text)}`);
}

function checkAmplitudes({ stage, noiseAmplitudes }: StageState): void {
  if (noiseAmplitudes.length === stage + 1) return;
  fail(`expected ${stage + 1} noiseAmplitudes, got ${noiseAmplitudes.length}`);
}

function checkArrays(state: StageState): void {
  const { arrays } = state;
  const expected = new Map(expectedShapes(state));
  for (const [name, shape] of expected) {
    const got = requireArray(arrays, name).shape;
    if (got.join() !== shape.join()) fail(`expected ${name} of shape [${shape}], got [${got}]`);
  }
  const [batch, height = 0, width = 0, channels, ...rest] = requireArray(arrays, RECONSTRUCTION_NOISE).shape;
  const isPicture = batch === 1 && height > 0 && width > 0 && channels === IMAGE_CHANNELS && rest.length === 0;
  if (!isPicture) fail(`expected ${RECONSTRUCTION_NOISE} to be a picture [1, height, width, ${IMAGE_CHANNELS}]`);
  const unknown = [...arrays.keys()].find((name) => !expected.has(name) && name !== RECONSTRUCTION_NOISE);
  if (unknown !== undefined) fail(`unexpected tensor ${unknown}`);
}

/** Of everything but the picture, whose size only the plan knows. */
function expectedShapes(state: StageState): [string, readonly number[]][] {
  const { kind, channels, normalization, concurrentStages } = state;
  const stages = state.stage + 1;
  const discriminator = [...discriminatorShapes(channels)];
  const shapes = [...generatorShapes({ stages, channels, normalization }), ...discriminator];
  if (kind === 'scale') return shapes;
  const parts = trainedParts({ stages, concurrentStages, learningRateScale: 1 });
  const layers = new Set(parts.flatMap(({ part }) => layersOf(part)));
  const isTrained = (name: string) => layers.has(name.slice(0, name.lastIndexOf('.')));
  const trained = [...shapes.filter(([name]) => isTrained(name)), ...discriminator];
  const moments = (['first', 'second'] as const).flatMap((kind) =>
    trained.map(([name, shape]): [string, readonly number[]] => [momentName(kind, name), shape]),
  );
  return [...shapes, ...moments];
}

function fail(detail: string): never {
  throw new AppError('checkpoint.invalid', `stage file: ${detail}`);
}
