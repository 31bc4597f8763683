import { momentShapes } from '../adam.ts';
import {
  encodeLevelState,
  failState,
  type LevelState,
  readMetadata,
  requireShapes,
  type StateKind,
} from '../level-state.ts';
import { type NamedArrays, requireArray } from '../named-arrays.ts';
import { IMAGE_CHANNELS } from '../net-layout.ts';
import { decodeSafetensors } from '../safetensors.ts';
import { RECONSTRUCTION_NOISE } from '../scale-state.ts';
import { discriminatorShapes, generatorShapes, type StageNormalization } from './layout.ts';
import { layerNamesOf, trainedParts } from './trained-parts.ts';

const FILE = 'stage file';
/** Version of the layout below; raise it when a reader of today could not read the files of tomorrow. */
const FORMAT = 'singan-stage';
const VERSION = '1';
const NORMALIZATIONS: readonly StageNormalization[] = ['batch', 'none'];

/** A finished stage, or one in training: it holds the whole generator so far, so that one file is a model. */
export interface StageState extends LevelState {
  /** The newest one; `iteration`, `width` and `height` are of it. */
  readonly stage: number;
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

/** Bytes of a stage file or checkpoint. Equal states give equal bytes. */
export function encodeStageState({ arrays, ...facts }: StageState): Uint8Array {
  return encodeLevelState({ format: FORMAT, version: VERSION, ...facts }, arrays);
}

/**
 * Reads a stage file or checkpoint and checks that it is whole: every tensor there, of the right shape, and no other.
 * @throws AppError `checkpoint.invalid`
 */
export function decodeStageState(bytes: Uint8Array, kind: StateKind): StageState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { text, expect, oneOf, count, numbers } = readMetadata(metadata, FILE);
  for (const [key, value] of Object.entries({ format: FORMAT, version: VERSION, kind })) expect(key, value);
  const state: StageState = {
    kind,
    configHash: text('configHash'),
    imageHash: text('imageHash'),
    stage: count('stage'),
    iteration: count('iteration'),
    width: count('width'),
    height: count('height'),
    channels: count('channels'),
    normalization: oneOf('normalization', NORMALIZATIONS),
    concurrentStages: count('concurrentStages'),
    noiseAmplitudes: numbers('noiseAmplitudes'),
    arrays: tensors,
  };
  requireAmplitudes(state);
  requireShapes(tensors, new Map([...expectedShapes(state), [RECONSTRUCTION_NOISE, pictureShape(state)]]), FILE);
  return state;
}

function requireAmplitudes({ stage, noiseAmplitudes }: StageState): void {
  if (noiseAmplitudes.length === stage + 1) return;
  failState(FILE, `expected ${stage + 1} noiseAmplitudes, got ${noiseAmplitudes.length}`);
}

/** Of any size, which only the plan knows. */
function pictureShape({ arrays }: StageState): readonly number[] {
  const { shape } = requireArray(arrays, RECONSTRUCTION_NOISE);
  const [batch, height = 0, width = 0, channels, ...rest] = shape;
  const isPicture = batch === 1 && height > 0 && width > 0 && channels === IMAGE_CHANNELS && rest.length === 0;
  if (isPicture) return shape;
  return failState(FILE, `expected ${RECONSTRUCTION_NOISE} to be a picture [1, height, width, ${IMAGE_CHANNELS}]`);
}

/** Of everything but the picture. */
function expectedShapes(state: StageState): [string, readonly number[]][] {
  const { kind, channels, normalization, concurrentStages } = state;
  const stages = state.stage + 1;
  const discriminator = [...discriminatorShapes(channels)];
  const shapes = [...generatorShapes({ stages, channels, normalization }), ...discriminator];
  if (kind === 'scale') return shapes;
  const parts = trainedParts({ stages, concurrentStages, learningRateScale: 1 });
  const layers = new Set(parts.flatMap(({ part }) => layerNamesOf(part)));
  const isTrained = (name: string) => layers.has(name.slice(0, name.lastIndexOf('.')));
  return [...shapes, ...momentShapes([...shapes.filter(([name]) => isTrained(name)), ...discriminator])];
}
