import { planSuperResolution, superResolutionSteps } from '@singan/plan';
import { composeInput } from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { expectOutput } from '../support/expect-output.ts';
import type { GoldenArray } from '../support/golden-array.ts';
import type { GoldenCheck } from '../support/golden-check.ts';
import { cropMargin, imageTensor } from '../support/tensors.ts';
import type { TorchState } from '../support/torch-state.ts';

interface SuperResolutionGolden {
  readonly sr_factor: number;
  readonly in_scale: number;
  readonly iter_num: number;
  readonly noise_amp: readonly [number];
  readonly Gs: readonly [TorchState];
  readonly lr_image: GoldenArray;
  readonly final_hw: readonly [number, number];
  readonly noise_draws: readonly GoldenArray[];
  readonly prev_padded_per_scale: readonly GoldenArray[];
  readonly G_out_per_scale: readonly GoldenArray[];
}

/**
 * Number, ratio and last size of the steps of a super-resolution, and the steps that the file has, each given the previous image of the
 * reference. That one draws one channel of noise for its first step and rounds every size up, then crops.
 */
export const check: GoldenCheck = {
  prefix: 'g_sample_sr',
  needsEngine: true,
  run(golden) {
    const file = golden as SuperResolutionGolden;
    const [, , height = 0, width = 0] = file.lr_image.shape;
    const sizes = planSuperResolution({ width, height }, file.sr_factor, { maxPixels: Number.POSITIVE_INFINITY });
    const { count, ratio } = superResolutionSteps(file.sr_factor);
    expect({ count, sizes: sizes.length }).toEqual({ count: file.iter_num, sizes: file.iter_num });
    expect(ratio).toBeCloseTo(file.in_scale, 12);
    expect(sizes.at(-1)).toEqual({ height: file.final_hw[0], width: file.final_hw[1] });
    expect(file.G_out_per_scale.length).toBeGreaterThan(0);
    for (const step of file.G_out_per_scale.keys()) tf.tidy(() => checkStep(file, step));
  },
};

function checkStep({ Gs, noise_amp, ...file }: SuperResolutionGolden, step: number): void {
  const previous = cropMargin(imageTensor(file.prev_padded_per_scale[step] as GoldenArray));
  const noise = imageTensor(file.noise_draws[step] as GoldenArray);
  const input = composeInput({ noise, noiseAmplitude: noise_amp[0], previous });
  expectOutput(`step ${step}`, { state: Gs[0], input, expected: file.G_out_per_scale[step] });
}
