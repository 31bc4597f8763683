import { encodeSafetensors, type NamedArrays } from '@singan/singan';

const CONVOLUTIONS = [
  { name: 'Conv2d_1a_3x3', shape: [32, 3, 3, 3] },
  { name: 'Conv2d_2a_3x3', shape: [32, 32, 3, 3] },
  { name: 'Conv2d_2b_3x3', shape: [64, 32, 3, 3] },
  { name: 'Conv2d_3b_1x1', shape: [80, 64, 1, 1] },
  { name: 'Conv2d_4a_3x3', shape: [192, 80, 3, 3] },
];

/** Weights of Inception-v3 as an operator supplies them: the right shapes, with numbers of no meaning. */
export function inceptionFile(name: string): Uint8Array {
  const tensors: NamedArrays = new Map(
    CONVOLUTIONS.flatMap(({ name: layer, shape }) => {
      const channels = shape.slice(0, 1);
      return [
        [`${layer}.conv.weight`, { shape, data: wave(shape, 0.1) }],
        [`${layer}.bn.weight`, { shape: channels, data: constant(channels, 1) }],
        [`${layer}.bn.bias`, { shape: channels, data: constant(channels, 0.1) }],
        [`${layer}.bn.running_mean`, { shape: channels, data: constant(channels, 0) }],
        [`${layer}.bn.running_var`, { shape: channels, data: constant(channels, 1) }],
      ];
    }),
  );
  return encodeSafetensors({ tensors, metadata: { format: 'inception-v3', version: '1', name, inputRange: '-1,1' } });
}

function wave(shape: readonly number[], height: number): Float32Array {
  return new Float32Array(shape.reduce((product, side) => product * side, 1)).map((_, n) => height * Math.sin(n * n));
}

function constant(shape: readonly number[], value: number): Float32Array {
  return new Float32Array(shape[0] ?? 0).fill(value);
}
