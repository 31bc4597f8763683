import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { loadModel } from './load-model.ts';
import type { LoadModelOptions } from './load-model-options.ts';
import { collect, scaleFiles, TINY_CONFIG, TINY_PLAN, tinyOptions } from './tiny-training.fixture.ts';
import type { TrainedModel } from './trained-model.ts';

export interface TinyModel {
  readonly config: TrainingConfig;
  readonly files: readonly Uint8Array[];
  /** The caller disposes. */
  load(o?: Partial<LoadModelOptions>): TrainedModel;
}

/** Trains the tiny pyramid, at ten times the usual learning rate, so that its generators do something. */
export async function trainTinyModel(
  overrides: Partial<TrainingConfig> = {},
  plan: PyramidPlan = TINY_PLAN,
): Promise<TinyModel> {
  const config = { ...TINY_CONFIG, learningRate: 5e-3, ...overrides };
  const files = scaleFiles(await collect(tinyOptions({ config, plan })));
  return { config, files, load: (o = {}) => loadModel({ config, plan, scales: files, ...o }) };
}

export function largestDifference(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b.data[i] ?? Number.NaN))), 0);
}

/** Root of the mean squared difference. */
export function rmsDifference(a: RgbImage, b: RgbImage): number {
  const sum = a.data.reduce((total, value, i) => total + (value - (b.data[i] ?? Number.NaN)) ** 2, 0);
  return Math.sqrt(sum / a.data.length);
}
