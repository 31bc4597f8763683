import {
  addPrevious,
  createInferenceNet,
  createNet,
  disposeInferenceNet,
  disposeNet,
  feedRunningStatistics,
  forwardInference,
  forwardTraining,
  type NamedArrays,
  type NetRole,
  type RunningStatistics,
  readRunningStatistics,
} from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { type GoldenArray, imageOf } from '../support/golden-array.ts';
import { expectArraysClose, expectClose, type GoldenCheck } from '../support/golden-check.ts';
import { cropMargin, imageTensor } from '../support/tensors.ts';
import { fromTorch, type TorchState } from '../support/torch-state.ts';

interface ForwardGolden {
  readonly net: NetRole;
  readonly state_before: TorchState;
  /** Discriminator. */
  readonly x?: GoldenArray;
  /** Generator. */
  readonly z_in?: GoldenArray;
  readonly prev?: GoldenArray;
  readonly out_eval: GoldenArray;
  readonly out_train: GoldenArray;
  readonly out_train_f64: GoldenArray;
  readonly running_after_one_train_forward: TorchState;
}

const TOLERANCE = 5e-5;

/** Outputs of a net in both modes, and its running statistics after one training forward. */
export const check: GoldenCheck = {
  prefix: 'c_forward',
  needsEngine: true,
  run(golden) {
    const file = golden as ForwardGolden;
    const arrays = fromTorch(file.net, file.state_before);
    tf.tidy(() => {
      checkInference(file, arrays);
      checkTraining(file, arrays);
    });
  },
};

function checkInference(file: ForwardGolden, arrays: NamedArrays): void {
  const net = createInferenceNet(file.net, arrays);
  const output = finish(file, forwardInference(net, inputOf(file)));
  expectClose('inference', output.dataSync(), { expected: imageOf(file.out_eval).data, tolerance: TOLERANCE });
  disposeInferenceNet(net);
}

function checkTraining(file: ForwardGolden, arrays: NamedArrays): void {
  const net = createNet(file.net, arrays);
  const { output, statistics } = forwardTraining(net, inputOf(file));
  const finished = finish(file, output).dataSync();
  expectClose('training', finished, { expected: imageOf(file.out_train_f64).data, tolerance: TOLERANCE });
  feedRunningStatistics(net.running, statistics);
  expectArraysClose('running statistics', readRunningStatistics(net.running as RunningStatistics), {
    expected: fromTorch(file.net, file.running_after_one_train_forward, file.state_before),
    tolerance: () => TOLERANCE,
  });
  disposeNet(net);
}

function inputOf(file: ForwardGolden): tf.Tensor4D {
  return imageTensor((file.x ?? file.z_in) as GoldenArray);
}

/** A generator adds the previous image to what comes out of its net. */
function finish(file: ForwardGolden, output: tf.Tensor4D): tf.Tensor4D {
  return file.prev ? addPrevious(output, cropMargin(imageTensor(file.prev))) : output;
}
