import type { Loss, Normalization, Padding, PlanLevel } from '@singan/contracts';
import type { NamedArray, NamedArrays } from './named-arrays.ts';
import { elementCount } from './named-arrays.ts';
import { arrayName, IMAGE_CHANNELS, KERNEL_SIZE, type NetRole, netShapes, rolesOf } from './net-layout.ts';
import { type NoiseKey, normalValues, uniformValues } from './noise.ts';
import { noiseShape } from './noise-shape.ts';
import { RECONSTRUCTION_NOISE, type ScaleState } from './scale-state.ts';

/** Standard deviation of initial conv weights and of gamma around 1. */
const INITIAL_DEVIATION = 0.02;

export interface InitialWeightsOptions {
  readonly role: NetRole;
  readonly channels: number;
  readonly seed: number;
  readonly scale: number;
  /** Batch when absent. */
  readonly normalization?: Normalization;
}

/**
 * A fresh net: conv ~ N(0, 0.02), gamma ~ N(1, 0.02), beta = 0, bias ~ U(-1/sqrt(fanIn), 1/sqrt(fanIn)),
 * running mean 0 and variance 1. A pure function of its options.
 */
export function initialWeights(o: InitialWeightsOptions): NamedArrays {
  const { role, channels, seed, scale, normalization } = o;
  const level = role === 'generator' ? 0 : 1;
  const arrays = [...netShapes(role, channels, normalization)].map(([name, shape], step): [string, NamedArray] => {
    const key: NoiseKey = { seed, purpose: 'weights', scale, level, step };
    return [
      name,
      { shape, data: initialValues(name, { length: elementCount(shape), inputs: inputsOf(name, o), key }) },
    ];
  });
  return new Map(arrays);
}

function initialValues(name: string, o: { length: number; inputs: number; key: NoiseKey }): Float32Array {
  const part = name.slice(name.lastIndexOf('.') + 1);
  if (part === 'weight') return normalValues(o.length, o.key).map((value) => value * INITIAL_DEVIATION);
  if (part === 'gamma') return normalValues(o.length, o.key).map((value) => 1 + value * INITIAL_DEVIATION);
  if (part === 'runningVariance') return new Float32Array(o.length).fill(1);
  if (part !== 'bias') return new Float32Array(o.length);
  const bound = 1 / Math.sqrt(KERNEL_SIZE * KERNEL_SIZE * o.inputs);
  return Float32Array.from(uniformValues(o.length, o.key), (value) => (2 * value - 1) * bound);
}

/** Channels that the convolution of an array has as its input. */
function inputsOf(name: string, { role, channels }: InitialWeightsOptions): number {
  return name.startsWith(arrayName(role, 1, '')) ? IMAGE_CHANNELS : channels;
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
  /** The finished scale before this one. */
  readonly before: ScaleState | null;
}

/**
 * What a scale begins with: the nets of the scale before, running statistics too, when the channels are equal; else fresh
 * ones. At scale 0 also z*, drawn once.
 */
export function startArrays(o: StartOptions): NamedArrays {
  const { seed, scale, level, padding = 'zero', before, normalization = 'batch', loss = 'wgan-gp' } = o;
  const { channels } = level;
  if (before?.channels === channels) return before.arrays;
  const nets = rolesOf(loss).flatMap((role) => [...initialWeights({ role, channels, seed, scale, normalization })]);
  if (scale > 0) return new Map(nets);
  const shape = noiseShape({ scale, size: level, padding });
  const data = normalValues(elementCount(shape), { seed, purpose: 'reconstruction', scale });
  return new Map([...nets, [RECONSTRUCTION_NOISE, { shape, data }]]);
}
