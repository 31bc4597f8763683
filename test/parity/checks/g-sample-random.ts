import { composeInput, composeNoiselessInput, type GeneratorInput } from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { expectOutput } from '../support/expect-output.ts';
import type { GoldenArray } from '../support/golden-array.ts';
import type { GoldenCheck } from '../support/golden-check.ts';
import { cropMargin, imageTensor } from '../support/tensors.ts';
import type { TorchState } from '../support/torch-state.ts';

interface SampleGolden {
  readonly noise_amp: readonly number[];
  readonly Gs: readonly TorchState[];
  readonly Z_opt_scale0: GoldenArray;
  readonly params: { readonly gen_start_scale?: number };
  readonly noise_draws: readonly GoldenArray[];
  readonly prev_padded_per_scale: readonly GoldenArray[];
  readonly G_out_per_scale: readonly GoldenArray[];
}

/**
 * Every scale of a random sample, each given the previous image that the reference had. The chain as a whole cannot be
 * compared: between scales the reference truncates to 8 bits, resizes by a factor and crops; we resize to the size itself.
 */
export const check: GoldenCheck = { prefix: 'g_sample_random', needsEngine: true, run: checkEveryScale };

export function checkEveryScale(golden: unknown): undefined {
  const file = golden as SampleGolden;
  for (const scale of file.Gs.keys()) tf.tidy(() => checkScale(file, scale));
}

function checkScale(file: SampleGolden, scale: number): void {
  const state = file.Gs[scale] as TorchState;
  expectOutput(`scale ${scale}`, { state, input: inputOf(file, scale), expected: file.G_out_per_scale[scale] });
}

/** Below the start scale the noise is that of the reconstruction: z* at scale 0, none above. */
function inputOf(file: SampleGolden, scale: number): GeneratorInput {
  const previous = cropMargin(imageTensor(file.prev_padded_per_scale[scale] as GoldenArray));
  const isReconstruction = scale < (file.params.gen_start_scale ?? 0);
  if (isReconstruction && scale > 0) return composeNoiselessInput(previous);
  const noise = isReconstruction
    ? cropMargin(imageTensor(file.Z_opt_scale0))
    : imageTensor(file.noise_draws[scale] as GoldenArray);
  return composeInput({ noise, noiseAmplitude: file.noise_amp[scale] as number, previous });
}
