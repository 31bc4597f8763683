import { composeInput, composeNoiselessInput, type GeneratorInput } from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import type { GoldenArray } from './golden-array.ts';
import { cropMargin, imageTensor } from './tensors.ts';
import type { ParameterOrder, TorchState } from './torch-state.ts';

export interface TraceStep {
  readonly kind: 'D' | 'G';
  readonly epoch: number;
  readonly step: number;
  readonly losses_f64: Readonly<Record<string, number>>;
  readonly params_after_f64?: GoldenArray;
  readonly bn_running_f32?: Readonly<Record<'G' | 'D', TorchState>>;
  /** Padded; absent at scale 0, where it is zero. */
  readonly prev?: GoldenArray;
  /** Padded; in the first generator step only, for it stays the same. */
  readonly z_prev?: GoldenArray;
}

/** A training of the reference, step by step, with all that it drew. */
export interface TraceGolden {
  readonly config: Readonly<Record<TraceNumber, number>>;
  readonly G_initial: TorchState;
  readonly D_initial: TorchState;
  readonly reals: readonly GoldenArray[];
  readonly noise_draws: readonly GoldenArray[];
  readonly alphas: readonly number[];
  readonly noise_amp: number;
  readonly param_order_G: ParameterOrder;
  readonly param_order_D: ParameterOrder;
  readonly steps: readonly TraceStep[];
}

type TraceNumber = 'epochs' | 'Dsteps' | 'Gsteps' | 'lr' | 'lambda_grad' | 'alpha' | 'noise_amp_init' | 'scale_index';

/** x_n */
export function traceReal(file: TraceGolden): tf.Tensor4D {
  return imageTensor(file.reals.at(-1) as GoldenArray);
}

/** The reconstruction of the coarser scales, upsampled; null at scale 0. */
export function traceReconstruction(file: TraceGolden): tf.Tensor4D | null {
  const padded = file.steps.find(({ z_prev }) => z_prev)?.z_prev;
  return padded ? cropMargin(imageTensor(padded)) : null;
}

/** Draw 0 is discarded; then each epoch draws z* (scale 0 only), z_n, and what the coarser scales need, which `prev` holds. */
export function traceDraws(
  file: TraceGolden,
  epoch: number,
): { noise: tf.Tensor4D; reconstruction: tf.Tensor4D | null } {
  const perEpoch = (file.noise_draws.length - 1) / file.config.epochs;
  const draw = (index: number) => imageTensor(file.noise_draws[1 + epoch * perEpoch + index] as GoldenArray);
  if (file.config.scale_index > 0) return { noise: draw(0), reconstruction: null };
  return { noise: draw(1), reconstruction: draw(0) };
}

export function traceReconstructionInput(file: TraceGolden, noise: tf.Tensor4D | null): GeneratorInput {
  if (noise) {
    const previous = tf.zerosLike(traceReal(file));
    return composeInput({ noise, noiseAmplitude: file.noise_amp, previous });
  }
  return composeNoiselessInput(traceReconstruction(file) as tf.Tensor4D);
}
