import { IMAGE_CHANNELS, KERNEL_SIZE, NORMALISED_BLOCKS, netShapes } from '../net-layout.ts';

/**
 * What stands between convolution and activation in the generator; the discriminator has none. batch: by the statistics of the pass at
 * hand, in training and in every use after it.
 */
export type StageNormalization = 'batch' | 'none';

/** Convolutions of a stage. */
const STAGE_LAYERS = 3;
/** The valid convolutions of a stage take this many pixels from each side. */
export const STAGE_MARGIN = 3;
/** LeakyReLU's factor in both nets. */
export const STAGE_SLOPE = 0.05;

export const GENERATOR_HEAD = 'generator.head';
export const GENERATOR_TAIL = 'generator.tail';

/** The layers of a stage, e.g. `generator.stage2.conv1`. */
export function stageLayerNames(stage: number): string[] {
  return Array.from({ length: STAGE_LAYERS }, (_, index) => `generator.stage${stage}.conv${index + 1}`);
}

/** The layers of a generator that may be normalised, in the order of the flow: all but its tail. */
function hiddenLayerNames(stages: number): string[] {
  return [GENERATOR_HEAD, ...Array.from({ length: stages }, (_, stage) => stageLayerNames(stage)).flat()];
}

/** The layers of the discriminator, `discriminator.block1` to `block5`; the last has no activation. */
export function discriminatorLayerNames(): string[] {
  return Array.from({ length: NORMALISED_BLOCKS + 1 }, (_, index) => `discriminator.block${index + 1}`);
}

export interface ConcurrentShape {
  readonly stages: number;
  readonly channels: number;
  readonly normalization: StageNormalization;
}

type Shapes = ReadonlyMap<string, readonly number[]>;

/** Shapes of all arrays of the generator with its stages, in the order of files; conv weights are HWIO. */
export function generatorShapes({ stages, channels, normalization }: ConcurrentShape): Shapes {
  const parts = normalization === 'batch' ? ['gamma', 'beta'] : ['bias'];
  const hidden = hiddenLayerNames(stages).flatMap((layer) => [
    weightShape(layer, layer === GENERATOR_HEAD ? IMAGE_CHANNELS : channels, channels),
    ...parts.map((part): ShapeEntry => [`${layer}.${part}`, [channels]]),
  ]);
  const tail: ShapeEntry[] = [
    weightShape(GENERATOR_TAIL, channels, IMAGE_CHANNELS),
    [`${GENERATOR_TAIL}.bias`, [IMAGE_CHANNELS]],
  ];
  return new Map([...hidden, ...tail]);
}

/** Shapes of all arrays of the discriminator, which is that of the sequential scheme without normalisation. */
export function discriminatorShapes(channels: number): Shapes {
  return netShapes('discriminator', channels, 'none');
}

type ShapeEntry = [name: string, shape: readonly number[]];

function weightShape(layer: string, from: number, to: number): ShapeEntry {
  return [`${layer}.weight`, [KERNEL_SIZE, KERNEL_SIZE, from, to]];
}
