import { initialArrays } from '../initial-arrays.ts';
import type { NamedArray, NamedArrays } from '../named-arrays.ts';
import { type ConcurrentShape, discriminatorShapes, generatorShapes, stageLayerNames } from './layout.ts';
import type { StageState } from './stage-state.ts';

export interface StageStartOptions extends Omit<ConcurrentShape, 'stages'> {
  readonly seed: number;
  /** The finished stage before; null at stage 0. */
  readonly before: StageState | null;
}

/** What a stage begins with: everything as the stage before left it, and the new stage as a copy of the one before; fresh nets at stage 0. */
export function stageStartArrays({ before, ...o }: StageStartOptions): NamedArrays {
  if (!before) return freshArrays(o);
  const [sources, copies] = [stageLayerNames(before.stage), stageLayerNames(before.stage + 1)];
  const isOf = (layer: string, name: string) => name.startsWith(`${layer}.`);
  const grown = sources.flatMap((source, index) =>
    [...before.arrays]
      .filter(([name]) => isOf(source, name))
      .map(([name, array]): [string, NamedArray] => [`${copies[index]}${name.slice(source.length)}`, array]),
  );
  return new Map([...before.arrays, ...grown]);
}

function freshArrays({ seed, ...shape }: Omit<StageStartOptions, 'before'>): NamedArrays {
  const nets = [generatorShapes({ ...shape, stages: 1 }), discriminatorShapes(shape.channels)];
  return new Map(nets.flatMap((shapes, level) => [...initialArrays(shapes, { seed, scale: 0, level })]));
}
