import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Number of a tensor within the addon. */
export type TensorNumber = number;

/** The functions of the C++ addon; native/src/addon/*.h says what each takes. Wrong arguments throw. */
export interface NativeAddon {
  start(isa: string, threads: number): void;
  isa(): string;
  threads(): number;
  tensorCount(): number;

  write(values: Float32Array): TensorNumber;
  size(tensor: TensorNumber): number;
  read(tensor: TensorNumber, to: Float32Array): void;
  release(tensor: TensorNumber): void;
  fill(size: number, value: number): TensorNumber;
  assemble(size: number, value: number, copies: Int32Array, sources: Int32Array): TensorNumber;

  binary(op: number, a: TensorNumber, b: TensorNumber): TensorNumber;
  unary(op: number, x: TensorNumber, first: number, second: number): TensorNumber;
  sum(x: TensorNumber, outer: number, reduced: number, inner: number, factor: number): TensorNumber;

  noise(size: number, seed: number, stream: number, counter0: number, counter1: number): TensorNumber;
  resize(x: TensorNumber, channels: number, ...axes: [...NativeResizeAxis, ...NativeResizeAxis]): TensorNumber;
  gradientPenalty(gradient: TensorNumber, channels: number): TensorNumber;
  gradientPenaltyGrad(gradient: TensorNumber, channels: number, dy: TensorNumber): TensorNumber;
  adamUpdate(...args: [...NativeAdamConstants, inputs: Int32Array, outputs: Int32Array]): void;

  conv(x: TensorNumber, ...rest: [...ImageSize, weights: TensorNumber, out: number]): TensorNumber;
  convInputGrad(dConvolved: TensorNumber, ...rest: [...ImageSize, weights: TensorNumber, in_: number]): TensorNumber;
  convFilterGrad(x: TensorNumber, ...rest: [...ImageSize, dConvolved: TensorNumber, out: number]): TensorNumber;
  convActivation(
    x: TensorNumber,
    ...rest: [...ImageSize, weights: TensorNumber, bias: TensorNumber, slope: number]
  ): TensorNumber;
  convActivationGrad(
    dy: TensorNumber,
    ...rest: [...ImageSize, y: TensorNumber, slope: number, outputs: Int32Array]
  ): void;
  convActivationGradGrad(r: TensorNumber, ...rest: [...ImageSize, y: TensorNumber, slope: number]): TensorNumber;
  convBlock(x: TensorNumber, ...rest: [...ImageSize, ...BlockArguments, outputs: Int32Array]): void;
  convBlockGrad(dy: TensorNumber, ...rest: [...ImageSize, y: TensorNumber, outputs: Int32Array]): void;
  convBlockGradGrad(
    r: TensorNumber,
    ...rest: [...ImageSize, dy: TensorNumber, y: TensorNumber, outputs: Int32Array]
  ): void;

  netForward(x: TensorNumber, ...rest: [...ImageSize, ...NetArguments, outputs: Int32Array]): void;
  netGrad(dy: TensorNumber, pass: TensorNumber, outputs: Int32Array): void;
  netGradGrad(u: TensorNumber, gradient: TensorNumber, outputs: Int32Array): void;
  netFilterGrads(gradient: TensorNumber, outputs: Int32Array): void;
  discriminatorGradients(
    ...args: [
      real: TensorNumber,
      fake: TensorNumber,
      ...ImageSize,
      ...NetArguments,
      ...DiscriminatorFactors,
      Int32Array,
    ]
  ): void;
  generatorGradients(...args: [...GeneratorImages, ...ImageSize, generator: Int32Array, ...GeneratorArguments]): void;

  /** From here on every kernel is timed; there is no way back. */
  startProfile(): void;
  /** What ran since the last call, as JSON: see profile.h. */
  takeProfile(): string;
}

type ImageSize = [height: number, width: number, channels: number];
type NativeResizeAxis = [input: number, output: number, positions: Int32Array, values: Float32Array];
type NativeAdamConstants = [rate: number, beta1: number, beta2: number, epsilon: number, correction: number];
type NetArguments = [parameters: Int32Array, slope: number, epsilon: number];
type DiscriminatorFactors = [mix: number, gradientPenaltyWeight: number];
type GeneratedImage = [padded: TensorNumber, previous: TensorNumber];
type GeneratorImages = [real: TensorNumber, ...GeneratedImage, ...GeneratedImage];
/** The parameters are the discriminator's. */
type GeneratorArguments = [...NetArguments, reconstructionWeight: number, outputs: Int32Array];
type BlockArguments = [weights: TensorNumber, gamma: TensorNumber, beta: TensorNumber, slope: number, epsilon: number];
const ADDON_PATH = fileURLToPath(new URL('../../native/build/singan-native.node', import.meta.url));

export function isNativeBuilt(): boolean {
  return existsSync(ADDON_PATH);
}

/** @throws Error that says how to build the addon, when it is not there or does not fit this machine. */
export function loadAddon(): NativeAddon {
  if (!isNativeBuilt()) {
    throw new Error(
      `expected the addon ${ADDON_PATH}: build it with packages/engine/native/build.mjs (a C++ compiler)`,
    );
  }
  return createRequire(import.meta.url)(ADDON_PATH) as NativeAddon;
}
