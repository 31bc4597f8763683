import { discriminatorGradientsKernel, generatorGradientsKernel } from '@singan/ops';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './backend.ts';
import { implement } from './conv.ts';

/** The gradients of a whole step of either net as one call. */
export function implementStepGradients(): void {
  implement(discriminatorGradientsKernel, (inputs, { slope, epsilon, ...o }, backend) => {
    const [real, fake, ...parameters] = Object.values<TensorInfo>(inputs) as [TensorInfo, TensorInfo, ...TensorInfo[]];
    const { addon, outputs } = backend;
    addon.discriminatorGradients(
      ...([backend.tensorOf(real), backend.tensorOf(fake)] as const),
      ...sizeOf(real),
      ...([numbersOf(backend, parameters), slope, epsilon] as const),
      ...([o.mix, o.gradientPenaltyWeight] as const),
      outputs,
    );
    return outputsOf(backend, 3, parameters);
  });
  implement(generatorGradientsKernel, (inputs, { slope, epsilon, ...o }, backend) => {
    const all = Object.values<TensorInfo>(inputs);
    const images = all.slice(0, IMAGES) as Images;
    const generator = all.slice(IMAGES, IMAGES + o.generatorParameters);
    const discriminator = all.slice(IMAGES + o.generatorParameters);
    const { addon, outputs } = backend;
    addon.generatorGradients(
      ...(images.map((image) => backend.tensorOf(image)) as ImageNumbers),
      ...sizeOf(images[0]),
      numbersOf(backend, generator),
      ...([numbersOf(backend, discriminator), slope, epsilon] as const),
      o.reconstructionWeight,
      outputs,
    );
    return outputsOf(backend, 2, generator);
  });
}

const IMAGES = 5;
type Images = [TensorInfo, TensorInfo, TensorInfo, TensorInfo, TensorInfo];
type ImageNumbers = [number, number, number, number, number];

/** Forward passes whose statistics come out. */
const PASSES = 3;

function sizeOf({ shape }: TensorInfo): [height: number, width: number, channels: number] {
  return shape.slice(1) as [number, number, number];
}

function numbersOf(backend: NativeBackend, tensors: readonly TensorInfo[]): Int32Array {
  return Int32Array.from(tensors, (tensor) => backend.tensorOf(tensor));
}

/** The terms, the statistics of each pass, the gradients of the parameters. */
function outputsOf(backend: NativeBackend, terms: number, parameters: readonly TensorInfo[]): TensorInfo[] {
  const shapes = [...Array.from({ length: terms }, () => []), ...Array.from({ length: PASSES }, () => null)];
  return [...shapes, ...parameters.map(({ shape }) => shape)].map((shape, index) => {
    const tensor = backend.outputs[index] as number;
    return backend.output(tensor, shape ?? [backend.addon.size(tensor)]);
  });
}
