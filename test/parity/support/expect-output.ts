import {
  addPrevious,
  createInferenceNet,
  disposeInferenceNet,
  forwardInference,
  type GeneratorInput,
} from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { type GoldenArray, imageOf } from './golden-array.ts';
import { expectClose } from './golden-check.ts';
import { fromTorch, type TorchState } from './torch-state.ts';

export interface ExpectedOutput {
  /** Of a generator, with running statistics. */
  readonly state: TorchState;
  readonly input: GeneratorInput;
  readonly expected: GoldenArray | undefined;
}

/** Compares the image that a generator makes in use. */
export function expectOutput(what: string, { state, input, expected }: ExpectedOutput): void {
  if (!expected) throw new Error(`${what}: the file has no output of it`);
  tf.tidy(() => {
    const net = createInferenceNet('generator', fromTorch('generator', state));
    const output = addPrevious(forwardInference(net, input.padded), input.previous);
    expectClose(what, output.dataSync(), { expected: imageOf(expected).data, tolerance: 1e-4 });
    disposeInferenceNet(net);
  });
}
