import type { NamedArray } from '@singan/singan';
import { INCEPTION_LAYERS } from './inception-layers.ts';
import { lcg } from './pictures.fixture.ts';

/** Tensors of the first layers of Inception-v3, by the names and in the layouts that PyTorch has, with values by formula. */
export function torchTensors(): Map<string, NamedArray> {
  return new Map(
    INCEPTION_LAYERS.flatMap(({ name, side, inputs, outputs }, at) => {
      const tensor = (part: string, shape: number[], seed: number): [string, NamedArray] => {
        const size = shape.reduce((product, length) => product * length, 1);
        return [`${name}.${part}`, { shape, data: Float32Array.from(lcg(size, 10 * at + seed)) }];
      };
      return [
        tensor('conv.weight', [outputs, inputs, side, side], 1),
        tensor('bn.weight', [outputs], 2),
        tensor('bn.bias', [outputs], 3),
        tensor('bn.running_mean', [outputs], 4),
        tensor('bn.running_var', [outputs], 5),
      ];
    }),
  );
}

export const TORCH_METADATA = { format: 'inception-v3', version: '1', name: 'tiny', inputRange: '-1,1' };
