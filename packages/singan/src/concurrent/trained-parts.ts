import { GENERATOR_HEAD, GENERATOR_TAIL, stageLayerNames } from './layout.ts';

/** What is trained together of a generator: its head, its tail, or a stage by its number. */
export interface TrainedPart {
  readonly part: 'head' | 'tail' | number;
  /** Of the learning rate. */
  readonly factor: number;
}

export interface TrainedPartsOptions {
  /** Stages so far, k + 1. */
  readonly stages: number;
  readonly concurrentStages: number;
  readonly learningRateScale: number;
}

/**
 * Parts of the generator that are trained at its newest stage k, in the order of the flow: the newest `concurrentStages` stages at
 * learningRateScale^(k - stage), the tail at 1, and the head at learningRateScale^k as long as stage 0 is among them.
 */
export function trainedParts({ stages, concurrentStages, learningRateScale }: TrainedPartsOptions): TrainedPart[] {
  const newest = stages - 1;
  const oldest = Math.max(0, stages - concurrentStages);
  const head = oldest === 0 ? [{ part: 'head' as const, factor: learningRateScale ** newest }] : [];
  const body = Array.from({ length: stages - oldest }, (_, index) => {
    const part = oldest + index;
    return { part, factor: learningRateScale ** (newest - part) };
  });
  return [...head, ...body, { part: 'tail', factor: 1 }];
}

/** Layers of a part, by their names in files. */
export function layerNamesOf(part: TrainedPart['part']): string[] {
  if (part === 'head') return [GENERATOR_HEAD];
  return part === 'tail' ? [GENERATOR_TAIL] : stageLayerNames(part);
}
