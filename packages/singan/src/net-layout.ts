import type { Loss, Normalization } from '@singan/contracts';
import { hasDiscriminator } from '@singan/plan';
import { shiftParts } from './net-style.ts';

/** Generator or discriminator: the two nets of a scale have one shape but for the last layer. */
export type NetRole = 'generator' | 'discriminator';

/** Blocks 1 to 4 are conv 3x3 -> normalisation -> activation; block 5 is conv 3x3 with bias. */
export const NORMALISED_BLOCKS = 4;
export const KERNEL_SIZE = 3;
/** Five valid 3x3 convolutions see 11 x 11 pixels: an output pixel depends on inputs up to this far away. */
export const MARGIN = 5;
export const IMAGE_CHANNELS = 3;
export const BATCH_NORM_EPSILON = 1e-5;
/** Weight of the newest batch in the running statistics. */
export const BATCH_NORM_MOMENTUM = 0.1;

const OUTPUT_CHANNELS: Record<NetRole, number> = { generator: IMAGE_CHANNELS, discriminator: 1 };

/** What a block with batch norm has besides what is trained: fed by forward passes. */
export const BLOCK_STATISTICS = ['runningMean', 'runningVariance'] as const;

/** The nets that a scale has. */
export function rolesOf(loss: Loss): readonly NetRole[] {
  return hasDiscriminator(loss) ? ['generator', 'discriminator'] : ['generator'];
}

/** Name of an array of a net, e.g. `generator.block2.weight`; blocks count from 1. */
export function arrayName(role: NetRole, block: number, part: string): string {
  return `${role}.block${block}.${part}`;
}

/** Shapes of all arrays of a net whose hidden layers have `channels` channels, in the order of files; conv weights are HWIO. */
export function netShapes(
  role: NetRole,
  channels: number,
  normalization: Normalization = 'batch',
): ReadonlyMap<string, readonly number[]> {
  const statistics = normalization === 'batch' ? BLOCK_STATISTICS : [];
  const shapes = new Map<string, readonly number[]>();
  for (let block = 1; block <= NORMALISED_BLOCKS; block++) {
    const inputs = block === 1 ? IMAGE_CHANNELS : channels;
    shapes.set(arrayName(role, block, 'weight'), [KERNEL_SIZE, KERNEL_SIZE, inputs, channels]);
    for (const part of [...shiftParts(normalization), ...statistics])
      shapes.set(arrayName(role, block, part), [channels]);
  }
  const tail = NORMALISED_BLOCKS + 1;
  shapes.set(arrayName(role, tail, 'weight'), [KERNEL_SIZE, KERNEL_SIZE, channels, OUTPUT_CHANNELS[role]]);
  shapes.set(arrayName(role, tail, 'bias'), [OUTPUT_CHANNELS[role]]);
  return shapes;
}
