import {
  concat1d,
  customGrad,
  type GradSaveFunc,
  getBackend,
  keep,
  mul,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { convActivation } from './conv-activation.ts';
import { assertSlope, convBlock } from './conv-block.ts';
import {
  convNetFilterGradsKernel,
  convNetGradGradKernel,
  convNetGradKernel,
  convNetKernel,
} from './kernels/conv-net.ts';

export interface ConvNetOptions {
  /** [1, H, W, Cin] */
  readonly x: Tensor4D;
  readonly blocks: readonly {
    /** [3, 3, Cin, C], then [3, 3, C, C] */
    readonly weight: Tensor4D;
    /** [C] */
    readonly gamma: Tensor1D;
    /** [C] */
    readonly beta: Tensor1D;
  }[];
  readonly tail: {
    /** [3, 3, C, Cout] */
    readonly weight: Tensor4D;
    /** [Cout] */
    readonly bias: Tensor1D;
  };
  /** LeakyReLU's factor for negative values, 0..1. */
  readonly slope: number;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
}

export interface ConvNetResult {
  /** [1, H - 2 layers, W - 2 layers, Cout] */
  readonly y: Tensor4D;
  /** Mean and unbiased variance of each block's convolution, behind each other: [2 C blocks]. Not differentiable; outlives tf.tidy. */
  readonly statistics: Tensor1D;
}

/**
 * Blocks of convolution, batch normalisation with the statistics of this image and LeakyReLU, see `convBlock`, then a convolution with
 * bias. y is differentiable twice. One call on a backend with kernels for it, else composed of the blocks' ops; the results are the same
 * up to rounding. The caller owns y and disposes the statistics.
 */
export function convNet(o: ConvNetOptions): ConvNetResult {
  assertSlope(o.slope);
  return convNetKernel.isImplemented(getBackend()) ? fusedConvNet(o) : composedConvNet(o);
}

/** What `convNet` does where there are no kernels for it: the oracle of those. */
export function composedConvNet({ x, blocks, tail, slope, epsilon = 1e-5 }: ConvNetOptions): ConvNetResult {
  const statistics: Tensor1D[] = [];
  let image = x;
  for (const block of blocks) {
    const { y, mean, variance } = convBlock({ x: image, ...block, slope, epsilon });
    const pixels = y.shape[1] * y.shape[2];
    statistics.push(mean, mul(variance, pixels / (pixels - 1)));
    image = y;
  }
  const packed = keep(concat1d(statistics));
  return { y: convActivation({ x: image, ...tail, slope: 1 }), statistics: packed };
}

function fusedConvNet({ x, blocks, tail, slope, epsilon = 1e-5 }: ConvNetOptions): ConvNetResult {
  const parameters: Tensor[] = [
    ...blocks.flatMap(({ weight, gamma, beta }) => [weight, gamma, beta]),
    tail.weight,
    tail.bias,
  ];
  let statistics: Tensor1D | undefined;
  const forward = customGrad((...args) => {
    const save = args.pop() as GradSaveFunc;
    const [y, made, pass] = convNetKernel.run([x, ...parameters], { slope, epsilon });
    statistics = keep(made);
    save([x, pass]);
    const gradFunc = (dy: Tensor, [input, saved]: Tensor[]) =>
      backward({ dy: dy as Tensor4D, x: input as Tensor4D, parameters, pass: saved as Tensor });
    return { value: y, gradFunc };
  });
  const y = forward(x, ...parameters) as Tensor4D;
  return { y, statistics: statistics as unknown as Tensor1D };
}

interface Backward {
  readonly dy: Tensor4D;
  readonly x: Tensor4D;
  readonly parameters: readonly Tensor[];
  readonly pass: Tensor;
}

/** Gradients by x and by each parameter; that by x is differentiable again, by dy, x and the parameters. */
function backward({ dy, x, parameters, pass }: Backward): Tensor[] {
  const attrs = { inputShape: x.shape, outputShape: dy.shape, shapes: parameters.map(({ shape }) => shape) };
  let gradient: Tensor | undefined;
  const inputGradient = customGrad((...args) => {
    const save = args.pop() as GradSaveFunc;
    const [dx, made] = convNetGradKernel.run({ dy, pass }, attrs);
    gradient = keep(made);
    save([made]);
    const gradFunc = (u: Tensor, [saved]: Tensor[]): Tensor[] => {
      const inputs = { u: u as Tensor4D, gradient: saved as Tensor };
      const [dDy, dX, second] = convNetGradGradKernel.run(inputs, attrs);
      return [dDy, dX, ...convNetFilterGradsKernel.run({ gradient: second }, attrs)];
    };
    return { value: dx, gradFunc };
  });
  const dx = inputGradient(dy, x, ...parameters);
  const made = gradient as unknown as Tensor;
  const dParameters = convNetFilterGradsKernel.run({ gradient: made }, attrs);
  made.dispose();
  return [dx, ...dParameters];
}
