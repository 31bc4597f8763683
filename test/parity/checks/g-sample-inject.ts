import { composeInput } from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { expectOutput } from '../support/expect-output.ts';
import type { GoldenArray } from '../support/golden-array.ts';
import type { GoldenCheck } from '../support/golden-check.ts';
import { cropMargin, imageTensor } from '../support/tensors.ts';
import type { TorchState } from '../support/torch-state.ts';

interface InjectGolden {
  readonly params: { readonly n: number };
  readonly noise_amp: readonly number[];
  readonly Gs: readonly TorchState[];
  readonly noise_draws: readonly GoldenArray[];
  readonly prev_padded_per_scale: readonly GoldenArray[];
  readonly G_out_per_scale: readonly GoldenArray[];
}

/**
 * A picture put in at scale n: every scale from there on, each given the previous image that the reference had, with noise of three
 * channels. How the picture gets to the size of scale n cannot be compared: see `g-sample-random.ts`.
 */
export const check: GoldenCheck = {
  prefix: 'g_sample_inject',
  needsEngine: true,
  run(golden) {
    const file = golden as InjectGolden;
    const scales = file.Gs.length - file.params.n;
    expect(file.prev_padded_per_scale).toHaveLength(scales);
    for (let step = 0; step < scales; step++) tf.tidy(() => checkScale(file, step));
  },
};

/** The arrays of images begin at scale n, those of nets at scale 0. */
function checkScale(file: InjectGolden, step: number): void {
  const scale = file.params.n + step;
  const previous = cropMargin(imageTensor(file.prev_padded_per_scale[step] as GoldenArray));
  const noise = imageTensor(file.noise_draws[step] as GoldenArray);
  expect(noise.shape).toEqual(previous.shape);
  const input = composeInput({ noise, noiseAmplitude: file.noise_amp[scale] as number, previous });
  const state = file.Gs[scale] as TorchState;
  expectOutput(`scale ${scale}`, { state, input, expected: file.G_out_per_scale[step] });
}
