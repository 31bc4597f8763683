import { superResolutionSteps } from '@singan/plan';
import { expect } from 'vitest';
import type { GoldenCheck } from '../support/golden-check.ts';

interface InitScaleCase {
  readonly sr_factor: number;
  readonly in_scale: number;
  readonly iter_num: number;
}

/** Number and ratio of the steps of a super-resolution. */
export const check: GoldenCheck = {
  prefix: 'b_sr_init_scale',
  needsEngine: false,
  run(golden) {
    const { cases } = golden as { cases: readonly InitScaleCase[] };
    expect(cases.length).toBeGreaterThan(0);
    for (const { sr_factor, in_scale, iter_num } of cases) {
      const { count, ratio } = superResolutionSteps(sr_factor);
      expect(count, `times ${sr_factor}`).toBe(iter_num);
      expect(ratio, `times ${sr_factor}`).toBeCloseTo(in_scale, 12);
    }
  },
};
