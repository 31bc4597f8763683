import type { TrainingConfig, TrainingConfigInput } from '@singan/contracts';
import { planPyramid, resolveTrainingConfig } from '@singan/plan';
import { expect } from 'vitest';
import type { GoldenCheck } from '../support/golden-check.ts';

interface PyramidCase {
  readonly height: number;
  readonly width: number;
  readonly max_size: number;
  readonly min_size: number;
  readonly scale_factor: number;
  readonly sr: boolean;
  /** Why the reference has no plan; then nothing below is there. */
  readonly error?: string;
  readonly trained_scales: number;
  readonly real_hw: readonly [number, number];
  readonly adjusted_scale_factor: number;
  readonly levels: ReadonlyArray<{
    readonly h: number;
    readonly w: number;
    readonly scale: number;
    readonly nfc: number;
  }>;
}

/** The reference takes this for super-resolution, whatever it is told. */
const SUPER_RESOLUTION_MIN_SIZE = 18;

/** Plans under rule "reference", also of what the reference rejects. */
export const check: GoldenCheck = {
  prefix: 'b_pyramid',
  needsEngine: false,
  run(golden) {
    const { cases } = golden as { cases: readonly PyramidCase[] };
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) checkCase(one);
  },
};

function checkCase(one: PyramidCase): void {
  const what = `${one.width}x${one.height}, maxSize ${one.max_size}, minSize ${one.min_size}`;
  const plan = () => planPyramid({ width: one.width, height: one.height }, configOf(one));
  if (one.error !== undefined) {
    expect(plan, what).toThrow(/expected|must|at least/);
    return;
  }
  const { levels, scaleFactor } = plan();
  expect(1 / scaleFactor, what).toBeCloseTo(one.adjusted_scale_factor, 9);
  const [height, width] = one.real_hw;
  const expected = one.levels.map(({ h, w, scale, nfc }) => ({
    height: withoutRoundingError(h, height * scale),
    width: withoutRoundingError(w, width * scale),
    channels: nfc,
  }));
  expect(
    levels.map(({ height, width, channels }) => ({ height, width, channels })),
    what,
  ).toEqual(expected);
}

/** For super-resolution the factor between the scales follows from the enlargement; these files have one by 4. */
function configOf(one: PyramidCase): TrainingConfig {
  const shared = { preset: 'paper', maxSize: one.max_size } as const;
  const input: TrainingConfigInput = one.sr
    ? { ...shared, purpose: 'super-resolution', minSize: SUPER_RESOLUTION_MIN_SIZE, pyramid: { rule: 'reference' } }
    : { ...shared, minSize: one.min_size, pyramid: { rule: 'reference', scaleFactor: 1 / one.scale_factor } };
  return resolveTrainingConfig(input, () => 0);
}

/** The reference rounds 25.000000000000004 up to 26; what pow gives in the last bit is the platform's affair. */
function withoutRoundingError(rounded: number, exact: number): number {
  const nearest = Math.round(exact);
  return Math.abs(exact - nearest) < 1e-9 ? nearest : rounded;
}
