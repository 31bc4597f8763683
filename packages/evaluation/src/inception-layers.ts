/** A convolution of Inception-v3, by the name it has in torchvision; batch normalisation and ReLU follow each. */
export interface InceptionLayer {
  readonly name: string;
  /** Side of the kernel, px. */
  readonly side: 1 | 3;
  readonly inputs: number;
  readonly outputs: number;
}

/** The convolutions up to the second pooling: all that SIFID looks at. */
export const INCEPTION_LAYERS = [
  { name: 'Conv2d_1a_3x3', side: 3, inputs: 3, outputs: 32 },
  { name: 'Conv2d_2a_3x3', side: 3, inputs: 32, outputs: 32 },
  { name: 'Conv2d_2b_3x3', side: 3, inputs: 32, outputs: 64 },
  { name: 'Conv2d_3b_1x1', side: 1, inputs: 64, outputs: 80 },
  { name: 'Conv2d_4a_3x3', side: 3, inputs: 80, outputs: 192 },
] as const satisfies readonly InceptionLayer[];

/** A convolution with its batch normalisation folded into it. */
export interface FoldedConvolution {
  /** [side, side, inputs, outputs] */
  readonly weight: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}

/** Weights of the first five convolutions of Inception-v3, ready for use. */
export interface InceptionWeights {
  /** Which weights: stored with every score made with them. */
  readonly name: string;
  /** What black and white are to this net. */
  readonly inputRange: readonly [black: number, white: number];
  /** In the order of INCEPTION_LAYERS. */
  readonly convolutions: readonly FoldedConvolution[];
}
