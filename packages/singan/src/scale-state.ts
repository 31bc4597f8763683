import {
  ACTIVATIONS,
  LATER_FIELDS,
  LOSSES,
  type Loss,
  NORMALIZATIONS,
  PADDINGS,
  type Padding,
} from '@singan/contracts';
import { momentShapes } from './adam.ts';
import { encodeLevelState, type LevelState, readMetadata, requireShapes, type StateKind } from './level-state.ts';
import type { NamedArrays } from './named-arrays.ts';
import { IMAGE_CHANNELS, netShapes, rolesOf } from './net-layout.ts';
import type { NetStyle } from './net-style.ts';
import { noiseShape } from './noise-shape.ts';
import { decodeSafetensors } from './safetensors.ts';

const FILE = 'scale file';
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

export interface ScaleState extends LevelState, NetStyle {
  readonly scale: number;
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

/** Bytes of a scale file or checkpoint. Equal states give equal bytes. */
export function encodeScaleState(state: ScaleState): Uint8Array {
  const { arrays, normalization, activation, loss, ...facts } = state;
  const later: LaterFacts = { normalization, activation, loss };
  const isPlain = normalization === PLAIN.normalization && activation === PLAIN.activation && loss === PLAIN.loss;
  const version = isPlain ? PLAIN_VERSION : VARIANT_VERSION;
  return encodeLevelState({ format: FORMAT, version, ...facts, ...(isPlain ? {} : later) }, arrays);
}

/**
 * Reads a scale file or checkpoint and checks that it is whole: every tensor there, of the right shape, and no other.
 * @throws AppError `checkpoint.invalid`
 */
export function decodeScaleState(bytes: Uint8Array, kind: StateKind): ScaleState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { text, expect, oneOf, count, number } = readMetadata(metadata, FILE);
  expect('format', FORMAT);
  const version = expect('version', PLAIN_VERSION, VARIANT_VERSION);
  expect('kind', kind);
  const later = (): LaterFacts => ({
    normalization: oneOf('normalization', NORMALIZATIONS),
    activation: oneOf('activation', ACTIVATIONS),
    loss: oneOf('loss', LOSSES),
  });
  const state: ScaleState = {
    kind,
    configHash: text('configHash'),
    imageHash: text('imageHash'),
    scale: count('scale'),
    iteration: count('iteration'),
    width: count('width'),
    height: count('height'),
    channels: count('channels'),
    noiseAmplitude: number('noiseAmplitude'),
    padding: oneOf('padding', PADDINGS),
    ...(version === PLAIN_VERSION ? PLAIN : later()),
    colours: count('colours'),
    arrays: tensors,
  };
  requireShapes(tensors, expectedShapes(state), FILE);
  return state;
}

function expectedShapes(state: ScaleState): Map<string, readonly number[]> {
  const { kind, scale, channels, padding, colours, normalization, loss } = state;
  const shapes = new Map(rolesOf(loss).flatMap((role) => [...netShapes(role, channels, normalization)]));
  const trained = [...shapes].filter(([name]) => !name.includes('.running'));
  if (scale === 0) shapes.set(RECONSTRUCTION_NOISE, noiseShape({ scale, size: state, padding }));
  if (colours > 0) shapes.set(PALETTE, [colours, IMAGE_CHANNELS]);
  return new Map([...shapes, ...(kind === 'checkpoint' ? momentShapes(trained) : [])]);
}
