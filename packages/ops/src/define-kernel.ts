import {
  engine,
  type GradFunc,
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** One output or several, in the order the kernel's file gives. */
export type KernelOutputs = Tensor | Tensor[];

/** What a backend's implementation returns: TF.js wraps plain tensor infos into tensors. */
type ComputedOutputs<Outputs> = Outputs extends Tensor[] ? TensorInfo[] : TensorInfo;

/** Gradients by input name; TF.js calls only those it needs. */
type InputGradients = Record<string, () => Tensor>;

export type Compute<Inputs, Attrs, Outputs> = (
  inputs: Inputs,
  attrs: Attrs,
  backend: KernelBackend,
) => ComputedOutputs<Outputs>;

interface GradientOptions<Inputs, Attrs, Outputs> {
  /** Inputs the gradient reads, by name. */
  readonly inputsToSave?: readonly (keyof Inputs & string)[];
  /** One flag per output. A saved output is data only: TF.js records its copy before the kernel, so no gradient flows through it. */
  readonly outputsToSave?: readonly boolean[];
  /** `dy` is the cotangent of the only output, or the list of all; `saved` are the inputs, then the outputs. */
  readonly gradient: (
    dy: Outputs extends Tensor[] ? Tensor[] : Tensor,
    saved: Tensor[],
    attrs: Attrs,
  ) => InputGradients;
}

/** A kernel of this project: its name and the types of what goes in and out. The same object serves ops (run) and backends (implement). */
export interface Kernel<Inputs, Attrs, Outputs extends KernelOutputs> {
  readonly name: string;
  run(inputs: Inputs, attrs: Attrs): Outputs;
  isImplemented(backendName: string): boolean;
  implement(backendName: string, compute: Compute<Inputs, Attrs, Outputs>): void;
  registerGradient(options: GradientOptions<Inputs, Attrs, Outputs>): void;
}

/** Declares a kernel; nothing is registered until `implement` and `registerGradient` are called. */
export function defineKernel<Inputs extends object, Attrs extends object, Outputs extends KernelOutputs>(
  name: string,
): Kernel<Inputs, Attrs, Outputs> {
  return {
    name,
    run: (inputs, attrs) =>
      engine().runKernel(name, inputs as NamedTensorMap, attrs as NamedAttrMap) as unknown as Outputs,
    isImplemented: (backendName) => getKernel(name, backendName) !== undefined,
    implement: (backendName, compute) => {
      registerKernel({
        kernelName: name,
        backendName,
        kernelFunc: ({ inputs, attrs, backend }) =>
          compute(inputs as unknown as Inputs, attrs as unknown as Attrs, backend as KernelBackend) as
            | TensorInfo
            | TensorInfo[],
      });
    },
    registerGradient: ({ inputsToSave, outputsToSave, gradient }) => {
      registerGradient({
        kernelName: name,
        inputsToSave: [...(inputsToSave ?? [])],
        outputsToSave: [...(outputsToSave ?? [])],
        gradFunc: gradient as unknown as GradFunc,
      });
    },
  };
}
