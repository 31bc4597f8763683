import {
  composeInput,
  createNetPair,
  discriminatorStep,
  disposeNetPair,
  feedRunningStatistics,
  type GeneratorInput,
  generateTraining,
  generatorStep,
  type NetPair,
  type NetRole,
  noiseAmplitudeOf,
  readNetPair,
} from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { expectTerms } from '../support/expect-terms.ts';
import { expectArraysClose, expectClose, type GoldenCheck, magnitude } from '../support/golden-check.ts';
import { cropMargin, imageTensor } from '../support/tensors.ts';
import { fromFlat, fromTorch, type TorchState } from '../support/torch-state.ts';
import {
  type TraceGolden,
  type TraceStep,
  traceDraws,
  traceReal,
  traceReconstruction,
  traceReconstructionInput,
} from '../support/trace-golden.ts';

/** Relative; as the files suggest. */
const LOSS_TOLERANCE = 1e-3;
/** Absolute; a parameter moves by about 5e-3 in the whole trace, and float32 itself is off by up to 2.6e-5. */
const PARAMETER_TOLERANCE = 1e-4;
/** Of the largest of a block. */
const RUNNING_VARIANCE_TOLERANCE = 1e-3;

/** The reference draws its reconstruction for a preview this often, and that forward pass too moves its running statistics. */
const REFERENCE_PREVIEW_EPOCHS = 500;

const ROLE: Record<TraceStep['kind'], NetRole> = { D: 'discriminator', G: 'generator' };

/** Whole iterations with all noise given: losses of every step, parameters on the way, running statistics, sigma. */
export const check: GoldenCheck = {
  prefix: 'e_trace',
  needsEngine: true,
  run(golden) {
    const file = golden as TraceGolden;
    tf.tidy(() => {
      const initial = [...fromTorch('generator', file.G_initial), ...fromTorch('discriminator', file.D_initial)];
      const pair = createNetPair(new Map(initial), null);
      checkNoiseAmplitude(file);
      const { epochs, Dsteps, Gsteps } = file.config;
      const perEpoch = Dsteps + Gsteps;
      for (let epoch = 0; epoch < epochs; epoch++) {
        replayEpoch(file, { pair, steps: file.steps.slice(epoch * perEpoch, (epoch + 1) * perEpoch), epoch });
      }
      disposeNetPair(pair);
    });
  },
};

interface Epoch {
  readonly pair: NetPair;
  readonly epoch: number;
  readonly steps: readonly TraceStep[];
}

/** The steps of one epoch, in their order: all of D, then all of G with the input of D's last. */
function replayEpoch(file: TraceGolden, { pair, epoch, steps }: Epoch): void {
  const real = traceReal(file);
  const draws = traceDraws(file, epoch);
  const reconstructionInput = traceReconstructionInput(file, draws.reconstruction);
  let input: GeneratorInput = reconstructionInput;
  for (const golden of steps) {
    const what = `epoch ${epoch} ${golden.kind}${golden.step}`;
    if (golden.kind === 'D') {
      const previous = golden.prev ? cropMargin(imageTensor(golden.prev)) : tf.zerosLike(real);
      input = composeInput({ noise: draws.noise, noiseAmplitude: file.noise_amp, previous });
      replayDiscriminatorStep(file, { pair, golden, what, real, input });
    } else {
      replayGeneratorStep(file, { pair, golden, what, real, input, reconstructionInput });
    }
    checkState(file, { pair, golden, what });
  }
  if (epoch % REFERENCE_PREVIEW_EPOCHS === 0) {
    const preview = generateTraining(pair.generator, reconstructionInput);
    feedRunningStatistics(pair.generator.running, preview.statistics);
  }
}

interface Replay {
  readonly pair: NetPair;
  readonly golden: TraceStep;
  readonly what: string;
}

function replayDiscriminatorStep(
  { config, alphas }: TraceGolden,
  o: Replay & { readonly real: tf.Tensor4D; readonly input: GeneratorInput },
): void {
  const index = o.golden.epoch * config.Dsteps + o.golden.step;
  const mix = alphas[index] as number;
  const options = { gradientPenaltyWeight: config.lambda_grad, learningRate: config.lr, step: index + 1 };
  const terms = discriminatorStep(o.pair, { ...options, real: o.real, input: o.input, mix });
  const { errD_real = 0, errD_fake = 0, gradient_penalty = 0 } = o.golden.losses_f64;
  const expected = { discriminatorReal: errD_real, discriminatorFake: errD_fake, gradientPenalty: gradient_penalty };
  expectTerms(terms, { what: o.what, expected, relativeTolerance: LOSS_TOLERANCE });
}

function replayGeneratorStep(
  { config }: TraceGolden,
  o: Replay & {
    readonly real: tf.Tensor4D;
    readonly input: GeneratorInput;
    readonly reconstructionInput: GeneratorInput;
  },
): void {
  const step = o.golden.epoch * config.Gsteps + o.golden.step + 1;
  const { real, input, reconstructionInput } = o;
  const options = { reconstructionWeight: config.alpha, learningRate: config.lr, step };
  const terms = generatorStep(o.pair, { ...options, real, input, reconstructionInput });
  const { errG = 0, rec_loss = 0 } = o.golden.losses_f64;
  const expected = { generatorAdversarial: errG, reconstruction: rec_loss };
  expectTerms(terms, { what: o.what, expected, relativeTolerance: LOSS_TOLERANCE });
}

/** Parameters of the net that stepped, and the running statistics of both, where the file has them. */
function checkState(file: TraceGolden, { pair, golden, what }: Replay): void {
  const arrays = readNetPair(pair);
  if (golden.params_after_f64) {
    const order = golden.kind === 'G' ? file.param_order_G : file.param_order_D;
    const expected = fromTorch(ROLE[golden.kind], fromFlat(golden.params_after_f64, order));
    expectArraysClose(`${what} parameters`, arrays, { expected, tolerance: () => PARAMETER_TOLERANCE });
  }
  for (const [kind, state] of Object.entries(golden.bn_running_f32 ?? {}) as Array<[TraceStep['kind'], TorchState]>) {
    const initial = kind === 'G' ? file.G_initial : file.D_initial;
    const expected = fromTorch(ROLE[kind], state, initial);
    expectArraysClose(`${what} running statistics`, arrays, { expected, tolerance: runningTolerance(file, golden) });
  }
}

/**
 * The reference's running means hold its biases before batch norm, which rounding noise moves by up to a learning rate a
 * step; where they stand in each step is not in the file. Our means have the initial biases folded.
 */
function runningTolerance({ config }: TraceGolden, { epoch }: TraceStep) {
  const drift = 2 * config.lr * (epoch + 1) * Math.max(config.Dsteps, config.Gsteps);
  return (name: string, expected: Float32Array): number =>
    name.endsWith('runningMean') ? drift + PARAMETER_TOLERANCE : RUNNING_VARIANCE_TOLERANCE * magnitude(expected);
}

/** sigma = factor RMSE(x, upsampled reconstruction); 1 at the coarsest scale. */
function checkNoiseAmplitude(file: TraceGolden): void {
  const reconstruction = traceReconstruction(file);
  if (!reconstruction) return;
  const amplitude = noiseAmplitudeOf(traceReal(file), reconstruction, file.config.noise_amp_init);
  expectClose('noise amplitude', [amplitude], { expected: [file.noise_amp], tolerance: 1e-6 });
}
