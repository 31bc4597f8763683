import { elementCount, type NamedArray, type NamedArrays } from '../named-arrays.ts';
import { type NoiseKey, normalValues, uniformValues } from '../noise.ts';
import { type ConcurrentShape, discriminatorShapes, generatorShapes, stageLayers } from './layout.ts';
import type { StageState } from './stage-state.ts';

/** Standard deviation of initial conv weights and of gamma around 1. */
const INITIAL_DEVIATION = 0.02;

export interface StageStartOptions extends Omit<ConcurrentShape, 'stages'> {
  readonly seed: number;
  /** The finished stage before; null at stage 0. */
  readonly before: StageState | null;
}

/** What a stage begins with: everything as the stage before left it, and the new stage as a copy of the one before; fresh nets at stage 0. */
export function stageStartArrays({ before, ...o }: StageStartOptions): NamedArrays {
  if (!before) return freshArrays(o);
  const [sources, copies] = [stageLayers(before.stage), stageLayers(before.stage + 1)];
  const isOf = (layer: string, name: string) => name.startsWith(`${layer}.`);
  const grown = sources.flatMap((source, index) =>
    [...before.arrays]
      .filter(([name]) => isOf(source, name))
      .map(([name, array]): [string, NamedArray] => [`${copies[index]}${name.slice(source.length)}`, array]),
  );
  return new Map([...before.arrays, ...grown]);
}

/** conv ~ N(0, 0.02), gamma ~ N(1, 0.02), beta = 0, bias ~ U(-1/sqrt(fanIn), 1/sqrt(fanIn)). */
function freshArrays({ seed, ...shape }: Omit<StageStartOptions, 'before'>): NamedArrays {
  const nets = [generatorShapes({ ...shape, stages: 1 }), discriminatorShapes(shape.channels)];
  const arrays = nets.flatMap((shapes, level) =>
    [...shapes].map(([name, extents], step): [string, NamedArray] => {
      const key: NoiseKey = { seed, purpose: 'weights', scale: 0, level, step };
      const weights = shapes.get(`${name.slice(0, name.lastIndexOf('.'))}.weight`) ?? extents;
      const fanIn = elementCount(weights.slice(0, -1));
      return [name, { shape: extents, data: initialValues(name, { length: elementCount(extents), fanIn, key }) }];
    }),
  );
  return new Map(arrays);
}

function initialValues(name: string, o: { length: number; fanIn: number; key: NoiseKey }): Float32Array {
  const part = name.slice(name.lastIndexOf('.') + 1);
  if (part === 'weight') return normalValues(o.length, o.key).map((value) => value * INITIAL_DEVIATION);
  if (part === 'gamma') return normalValues(o.length, o.key).map((value) => 1 + value * INITIAL_DEVIATION);
  if (part !== 'bias') return new Float32Array(o.length);
  const bound = 1 / Math.sqrt(o.fanIn);
  return Float32Array.from(uniformValues(o.length, o.key), (value) => (2 * value - 1) * bound);
}
