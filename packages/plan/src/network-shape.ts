import type { Size } from '@singan/domain';

/** One 3x3 convolution without padding: channels in and out, and the size of its output. */
export interface ConvolutionShape {
  readonly position: 'head' | 'middle' | 'tail';
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly output: Size;
}

const RGB_CHANNELS = 3;
const SCORE_CHANNELS = 1;
const MIDDLE_LAYERS = 3;

/** Each unpadded 3x3 convolution takes one pixel from every side. */
const SHRINK_PER_LAYER = 2;

/** Pixels that the generator adds on each side first, so that its output has the size of the picture. */
export const GENERATOR_PADDING = 5;

/** The convolutions of a discriminator that looks at a picture of the given size. */
export function discriminatorShapes(size: Size, channels: number): ConvolutionShape[] {
  return networkShapes(size, channels, SCORE_CHANNELS);
}

/** The convolutions of a generator that makes a picture of the given size. */
export function generatorShapes(size: Size, channels: number): ConvolutionShape[] {
  const padded = { width: size.width + 2 * GENERATOR_PADDING, height: size.height + 2 * GENERATOR_PADDING };
  return networkShapes(padded, channels, RGB_CHANNELS);
}

/** Five layers: RGB -> C, three times C -> C, C -> out. */
function networkShapes(input: Size, channels: number, outputChannels: number): ConvolutionShape[] {
  const outputOf = (layer: number): Size => ({
    width: Math.max(0, input.width - SHRINK_PER_LAYER * (layer + 1)),
    height: Math.max(0, input.height - SHRINK_PER_LAYER * (layer + 1)),
  });
  const head = {
    position: 'head',
    inputChannels: RGB_CHANNELS,
    outputChannels: channels,
    output: outputOf(0),
  } as const;
  const middle = Array.from({ length: MIDDLE_LAYERS }, (_, index) => ({
    position: 'middle' as const,
    inputChannels: channels,
    outputChannels: channels,
    output: outputOf(index + 1),
  }));
  const tail = {
    position: 'tail',
    inputChannels: channels,
    outputChannels,
    output: outputOf(MIDDLE_LAYERS + 1),
  } as const;
  return [head, ...middle, tail];
}
