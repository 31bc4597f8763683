import {
  createGrowingGenerator,
  createStageNets,
  disposeGrowingGenerator,
  type GrowingInput,
  generateGrowing,
  type NamedArrays,
  type StageNets,
} from '@singan/singan';
import type * as tf from '@tensorflow/tfjs-core';
import type { GoldenArray } from './golden-array.ts';
import { imageTensor } from './tensors.ts';
import { stagesFromTorch, type TorchStages } from './torch-stages.ts';
import { fromFlat } from './torch-state.ts';

export interface FastIteration {
  readonly iteration: number;
  readonly noise: readonly GoldenArray[];
  readonly alphas: readonly number[];
  readonly d: readonly {
    readonly real: number;
    readonly fake: number;
    readonly penalty: number;
    readonly params_after_f64: GoldenArray;
  }[];
  readonly g: {
    readonly adversarial: number;
    readonly reconstruction: number;
    readonly params_after_f64: GoldenArray;
  };
}

/** Stages of the reference in training together, with all that they drew. */
export interface FastGolden {
  readonly config: {
    readonly trainDepth: number;
    readonly lrScale: number;
    readonly lr: number;
    readonly gradientPenaltyWeight: number;
    readonly reconstructionWeight: number;
    readonly noiseAmplitudeFactor: number;
    readonly headTrained: boolean;
    readonly sizes: readonly (readonly [height: number, width: number])[];
  };
  readonly generator: TorchStages;
  readonly discriminator: TorchStages;
  readonly reals: readonly GoldenArray[];
  readonly reconstructionNoise: readonly GoldenArray[];
  readonly noiseAmplitudes: readonly number[];
  readonly forward: {
    readonly noise: readonly GoldenArray[];
    readonly outputs_f64: readonly GoldenArray[];
    readonly score_of_real_f64: GoldenArray;
  };
  readonly gradients_d_f64: TorchStages;
  readonly gradients_g_f64: TorchStages;
  readonly trace: readonly FastIteration[];
  readonly paramOrder: Readonly<Record<'generator' | 'discriminator', readonly string[]>>;
}

/** A flat vector of all parameters of a net, taken apart. */
export function fastParameters(file: FastGolden, role: 'generator' | 'discriminator', flat: GoldenArray): NamedArrays {
  const shapes = file[role];
  const order = file.paramOrder[role].map((name) => [name, (shapes[name] as GoldenArray).shape] as const);
  return stagesFromTorch(role, fromFlat(flat, order));
}

export function createFastNets(file: FastGolden): StageNets {
  const { trainDepth: concurrentStages, lrScale: learningRateScale, sizes } = file.config;
  const arrays = new Map([
    ...stagesFromTorch('generator', file.generator),
    ...stagesFromTorch('discriminator', file.discriminator),
  ]);
  const settings = { concurrentStages, learningRateScale };
  return createStageNets({ stages: sizes.length, arrays, moments: null, ...settings });
}

/** The image of the first stages, by the weights of the file. */
export function generateFast(
  file: FastGolden,
  { stages, input }: { stages: number; input: GrowingInput },
): tf.Tensor4D {
  const arrays = stagesFromTorch('generator', file.generator);
  const generator = createGrowingGenerator(arrays, { stages });
  const output = generateGrowing(generator, input);
  disposeGrowingGenerator(generator);
  return output;
}

export function fastInput(file: FastGolden, noise: readonly GoldenArray[]): GrowingInput {
  const sizes = file.config.sizes.map(([height, width]) => ({ height, width }));
  return { noises: noise.map(imageTensor), noiseAmplitudes: file.noiseAmplitudes, sizes };
}

export function fastReal(file: FastGolden): tf.Tensor4D {
  return imageTensor(file.reals.at(-1) as GoldenArray);
}
