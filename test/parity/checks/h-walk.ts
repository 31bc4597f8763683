import { NoiseWalk } from '@singan/singan';
import { expect } from 'vitest';
import { type GoldenArray, imageOf } from '../support/golden-array.ts';
import { expectClose, type GoldenCheck } from '../support/golden-check.ts';
import { imageTensor } from '../support/tensors.ts';

interface WalkGolden {
  readonly alpha: number;
  readonly beta: number;
  readonly Z_opt: GoldenArray;
  readonly initial_noise: GoldenArray;
  readonly frame_noises: readonly GoldenArray[];
  readonly z_frames: readonly GoldenArray[];
}

/** The noise of an animation, frame by frame, with all draws given. */
export const check: GoldenCheck = {
  prefix: 'h_walk',
  needsEngine: true,
  run(golden) {
    const { alpha, beta, Z_opt, initial_noise, frame_noises, z_frames } = golden as WalkGolden;
    const draws = [initial_noise, ...frame_noises];
    const fixed = imageTensor(Z_opt);
    const draw = (step: number) => imageTensor(draws[step] as GoldenArray);
    const walk = new NoiseWalk({ fixed, alpha, beta, draw });
    expect(z_frames.length).toBeGreaterThan(0);
    for (const [frame, expected] of z_frames.entries()) {
      walk.advance();
      expectClose(`frame ${frame}`, walk.current.dataSync(), { expected: imageOf(expected).data, tolerance: 1e-6 });
    }
    walk.dispose();
    fixed.dispose();
  },
};
