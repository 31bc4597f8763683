import type { NamedArray, NamedArrays } from '@singan/singan';
import { type GoldenArray, parameterOf } from './golden-array.ts';

/** Arrays of one net under the names of the reference; null for a gradient of what is not trained. */
export type TorchStages = Readonly<Record<string, GoldenArray | null>>;

type Role = 'generator' | 'discriminator';

/** Our name of an array of the growing generator or its discriminator. */
function nameOf(role: Role, torchName: string): string {
  const part = torchName.slice(torchName.lastIndexOf('.') + 1);
  if (torchName.startsWith('head.'))
    return role === 'generator' ? `generator.head.${part}` : `discriminator.block1.${part}`;
  if (torchName.startsWith('tail.'))
    return role === 'generator' ? `generator.tail.${part}` : `discriminator.block5.${part}`;
  const [, stage, layer] = /^body\.(?:(\d)\.)?block(\d)\./.exec(torchName) ?? [];
  return role === 'generator'
    ? `generator.stage${stage}.conv${Number(layer) + 1}.${part}`
    : `discriminator.block${Number(layer) + 2}.${part}`;
}

/** State or gradients of a net of the reference under our names and in our layout, without what is null. */
export function stagesFromTorch(role: Role, state: TorchStages): NamedArrays {
  return new Map(
    Object.entries(state).flatMap(([name, array]): [string, NamedArray][] => {
      if (array === null) return [];
      return [[nameOf(role, name), parameterOf(array)]];
    }),
  );
}
