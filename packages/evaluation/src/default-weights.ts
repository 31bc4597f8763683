import { AppError } from '@singan/domain';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { INCEPTION_LAYERS, type InceptionWeights } from './inception-layers.ts';
import { readQuantizedTensors } from './read-quantized-tensors.ts';

/** The version in package.json: part of the name, as another one may carry other weights. */
const NAME = 'nsfwjs-4.3.0';

interface ModelDefinition {
  readonly modelJson: () => Promise<{ readonly default: unknown }>;
  /** Modules that export the bytes of the weights, in pieces, as base64. */
  readonly weightBundles: ReadonlyArray<() => Promise<{ readonly default: unknown }>>;
}

/**
 * The weights that come with the service: Keras's Inception-v3 of the npm package nsfwjs, fine-tuned, of 8 bits, for input
 * in [0, 1]. They rank pictures as the weights of the literature do, on a scale of their own. Nothing is fetched.
 * @throws AppError `internal` when the package is not what was expected
 */
export async function loadDefaultWeights(): Promise<InceptionWeights> {
  const { InceptionV3Model } = (await import('nsfwjs/models/inception_v3')) as unknown as {
    InceptionV3Model: ModelDefinition;
  };
  const tensors = await readQuantizedTensors({
    manifest: ((await InceptionV3Model.modelJson()).default as { weightsManifest?: unknown }).weightsManifest,
    readShard: async (shard) => (await InceptionV3Model.weightBundles[shard]?.())?.default,
    names: INCEPTION_LAYERS.flatMap((_, at) => Object.values(kerasNames(at))),
  });
  const convolutions = INCEPTION_LAYERS.map(({ name, side, inputs, outputs }, at) => {
    const names = kerasNames(at);
    const read = (tensor: string, shape: readonly number[]) => {
      const found = tensors.get(tensor);
      if (found?.shape.join() === shape.join()) return found.data;
      throw new AppError('internal', `${NAME}: expected ${tensor} (${name}) of [${shape}], got [${found?.shape}]`);
    };
    return foldBatchNorm({
      kernel: read(names.kernel, [side, side, inputs, outputs]),
      beta: read(names.beta, [outputs]),
      mean: read(names.mean, [outputs]),
      variance: read(names.variance, [outputs]),
    });
  });
  return { name: NAME, inputRange: [0, 1], convolutions };
}

/** Keras numbers its layers from 1, in the order of their making. */
function kerasNames(at: number) {
  const norm = `batch_normalization_${at + 1}`;
  return {
    kernel: `conv2d_${at + 1}/kernel`,
    beta: `${norm}/beta`,
    mean: `${norm}/moving_mean`,
    variance: `${norm}/moving_variance`,
  };
}
