import {
  ACTIVATIONS,
  LATER_FIELDS,
  LOSSES,
  type Loss,
  NORMALIZATIONS,
  PADDINGS,
  type Padding,
} from '@singan/contracts';
import { AppError } from '@singan/domain';
import { momentName } from './adam.ts';
import { type NamedArrays, requireArray } from './named-arrays.ts';
import { IMAGE_CHANNELS, netShapes, rolesOf } from './net-layout.ts';
import type { NetStyle } from './net-style.ts';
import { noiseShape } from './noise-shape.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** Raise the version when a reader of today could not read the files of tomorrow, or would read them wrongly. */
const FORMAT = 'singan-scale';
/** Says nothing of what came later, which has the values below: scales that need no more are still written so. */
const PLAIN_VERSION = '2';
const VARIANT_VERSION = '3';
const PLAIN: LaterFacts = {
  normalization: LATER_FIELDS.normalization,
  activation: LATER_FIELDS.activation,
  loss: LATER_FIELDS.loss,
};

type LaterFacts = Pick<ScaleState, 'normalization' | 'activation' | 'loss'>;

/** `scale`: a finished scale. `checkpoint`: a scale in training, with the state of its optimisers. */
export type ScaleStateKind = 'scale' | 'checkpoint';

export interface ScaleState extends NetStyle {
  readonly kind: ScaleStateKind;
  /** Of the training it belongs to. */
  readonly configHash: string;
  readonly imageHash: string;
  readonly scale: number;
  /** Iterations done. */
  readonly iteration: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** sigma_n */
  readonly noiseAmplitude: number;
  readonly padding: Padding;
  readonly loss: Loss;
  /** Of its palette; 0 for an ordinary scale, more for a variant that was trained on quantised inputs. */
  readonly colours: number;
  /**
   * Weights and running statistics (with batch norm) of both nets, or of G alone when its loss has no D; at scale 0 also `reconstructionNoise`, z* [1, height, width, 1], 10 px larger
   * with noise padding; in a variant also `palette` [colours, 3]; in a checkpoint also Adam's moments.
   */
  readonly arrays: NamedArrays;
}

export const RECONSTRUCTION_NOISE = 'reconstructionNoise';
export const PALETTE = 'palette';

/** Bytes of a scale file or checkpoint: safetensors with the numbers as metadata. Equal states give equal bytes. */
export function encodeScaleState(state: ScaleState): Uint8Array {
  const { arrays, normalization, activation, loss, ...facts } = state;
  const later: LaterFacts = { normalization, activation, loss };
  const isPlain = normalization === PLAIN.normalization && activation === PLAIN.activation && loss === PLAIN.loss;
  const version = isPlain ? PLAIN_VERSION : VARIANT_VERSION;
  const metadata = { format: FORMAT, version, ...facts, ...(isPlain ? {} : later) };
  const texts = Object.entries(metadata).map(([key, value]) => [key, String(value)]);
  return encodeSafetensors({ tensors: arrays, metadata: Object.fromEntries(texts) });
}

/**
 * Reads a scale file or checkpoint and checks that it is whole: every tensor there, of the right shape, and no other.
 * @throws AppError `checkpoint.invalid`
 */
export function decodeScaleState(bytes: Uint8Array, kind: ScaleStateKind): ScaleState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const text = (key: string): string => metadata[key] ?? fail(`expected metadata ${key}, got none`);
  const expectText = (key: string, expected: string): void => {
    if (text(key) !== expected) fail(`expected ${key} ${expected}, got ${text(key)}`);
  };
  expectText('format', FORMAT);
  const version = text('version');
  if (version !== PLAIN_VERSION && version !== VARIANT_VERSION) {
    fail(`expected version ${PLAIN_VERSION} or ${VARIANT_VERSION}, got ${version}`);
  }
  expectText('kind', kind);
  const count = (key: string): number => parseCount(key, text(key));
  const state: ScaleState = {
    kind,
    configHash: text('configHash'),
    imageHash: text('imageHash'),
    scale: count('scale'),
    iteration: count('iteration'),
    width: count('width'),
    height: count('height'),
    channels: count('channels'),
    noiseAmplitude: parseAmplitude(text('noiseAmplitude')),
    padding: parseOneOf('padding', PADDINGS, text('padding')),
    ...(version === PLAIN_VERSION ? PLAIN : parseLater(text)),
    colours: count('colours'),
    arrays: tensors,
  };
  checkArrays(state);
  return state;
}

function parseCount(key: string, text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : fail(`expected ${key} to be a count, got ${JSON.stringify(text)}`);
}

function parseAmplitude(text: string): number {
  const value = Number(text);
  const isValid = text.trim() !== '' && Number.isFinite(value) && value >= 0;
  return isValid ? value : fail(`expected noiseAmplitude to be a number >= 0, got ${JSON.stringify(text)}`);
}

function parseLater(text: (key: string) => string): LaterFacts {
  return {
    normalization: parseOneOf('normalization', NORMALIZATIONS, text('normalization')),
    activation: parseOneOf('activation', ACTIVATIONS, text('activation')),
    loss: parseOneOf('loss', LOSSES, text('loss')),
  };
}

function parseOneOf<T extends string>(key: string, values: readonly T[], text: string): T {
  const value = values.find((one) => one === text);
  return value ?? fail(`expected ${key} to be one of ${values.join(', ')}, got ${JSON.stringify(text)}`);
}

function checkArrays(state: ScaleState): void {
  const expected = expectedShapes(state);
  for (const [name, shape] of expected) {
    const got = requireArray(state.arrays, name).shape;
    if (got.join() !== shape.join()) fail(`expected ${name} of shape [${shape}], got [${got}]`);
  }
  const unknown = [...state.arrays.keys()].find((name) => !expected.has(name));
  if (unknown !== undefined) fail(`unexpected tensor ${unknown}`);
}

function expectedShapes(state: ScaleState): Map<string, readonly number[]> {
  const { kind, scale, channels, padding, colours, normalization, loss } = state;
  const shapes = new Map(rolesOf(loss).flatMap((role) => [...netShapes(role, channels, normalization)]));
  const trained = [...shapes].filter(([name]) => !name.includes('.running'));
  if (scale === 0) shapes.set(RECONSTRUCTION_NOISE, noiseShape({ scale, size: state, padding }));
  if (colours > 0) shapes.set(PALETTE, [colours, IMAGE_CHANNELS]);
  if (kind === 'scale') return shapes;
  for (const [name, shape] of trained) {
    shapes.set(momentName('first', name), shape);
    shapes.set(momentName('second', name), shape);
  }
  return shapes;
}

function fail(detail: string): never {
  throw new AppError('checkpoint.invalid', `scale file: ${detail}`);
}
