import type { Loss, Normalization, Padding, PlanLevel, ReconstructionNoise } from '@singan/contracts';
import { initialArrays } from './initial-arrays.ts';
import { elementCount, type NamedArrays } from './named-arrays.ts';
import { type NetRole, netShapes, rolesOf } from './net-layout.ts';
import { normalValues } from './noise.ts';
import { noiseShape } from './noise-shape.ts';
import { RECONSTRUCTION_NOISE, type ScaleState } from './scale-state.ts';

export interface InitialWeightsOptions {
  readonly role: NetRole;
  readonly channels: number;
  readonly seed: number;
  readonly scale: number;
  /** Batch when absent. */
  readonly normalization?: Normalization;
}

/** A fresh net, see `initialArrays`. A pure function of its options. */
export function initialWeights({ role, channels, seed, scale, normalization }: InitialWeightsOptions): NamedArrays {
  const level = role === 'generator' ? 0 : 1;
  return initialArrays(netShapes(role, channels, normalization), { seed, scale, level });
}

export interface StartOptions {
  readonly seed: number;
  readonly scale: number;
  readonly level: PlanLevel;
  /** Zero when absent. */
  readonly padding?: Padding;
  /** Batch when absent. */
  readonly normalization?: Normalization;
  /** wgan-gp when absent. */
  readonly loss?: Loss;
  /** Fixed when absent. */
  readonly reconstructionNoise?: ReconstructionNoise;
  /** The finished scale before this one. */
  readonly before: ScaleState | null;
}

/**
 * What a scale begins with: the nets of the scale before, running statistics too, when the channels are equal; else fresh
 * ones. At scale 0 also z*: where it is redrawn in each iteration, that of the last.
 */
export function startArrays(o: StartOptions): NamedArrays {
  const { seed, scale, level, padding = 'zero', before, normalization = 'batch', loss = 'wgan-gp' } = o;
  const { channels } = level;
  if (before?.channels === channels) return before.arrays;
  const nets = rolesOf(loss).flatMap((role) => [...initialWeights({ role, channels, seed, scale, normalization })]);
  if (scale > 0) return new Map(nets);
  const shape = noiseShape({ scale, size: level, padding });
  const iteration = o.reconstructionNoise === 'redrawn' ? level.iterations - 1 : 0;
  const data = normalValues(elementCount(shape), { seed, purpose: 'reconstruction', scale, iteration });
  return new Map([...nets, [RECONSTRUCTION_NOISE, { shape, data }]]);
}
