import { describe, expect, it } from 'vitest';
import { generatorFlops, iterationFlops } from './index.ts';

const level = { width: 33, height: 25, channels: 32, iterations: 1 };

/** Output pixels of layer n (1 to 5) of a net whose input has `pad` more pixels on each side. */
const area = (layer: number, pad: number): number => (33 + 2 * pad - 2 * layer) * (25 + 2 * pad - 2 * layer);
const mac2 = (inputs: number, outputs: number, layer: number, pad: number): number =>
  18 * inputs * outputs * area(layer, pad);

describe('the flops of an iteration', () => {
  it('count each pass over each convolution once, as written out here', () => {
    const middle = (pad: number): number => mac2(32, 32, 2, pad) + mac2(32, 32, 3, pad) + mac2(32, 32, 4, pad);
    // 3 D steps: 12 passes of a middle layer of D and a forward of G; 3 G steps: 2 passes of D (forward, dX) and 6 of G.
    const middleLayers = 3 * (12 * middle(0) + middle(5)) + 3 * (2 * middle(0) + 6 * middle(5));
    const heads = 3 * (9 * mac2(3, 32, 1, 0) + mac2(3, 32, 1, 5)) + 3 * (2 * mac2(3, 32, 1, 0) + 4 * mac2(3, 32, 1, 5));
    const tails = 3 * (9 * mac2(32, 1, 5, 0) + mac2(32, 3, 5, 5)) + 3 * (2 * mac2(32, 1, 5, 0) + 6 * mac2(32, 3, 5, 5));
    expect(iterationFlops(level)).toBe(middleLayers + heads + tails);
  });

  it('come to 63 passes of a middle layer where the padding does not count', () => {
    const large = { width: 4000, height: 4000, channels: 128, iterations: 1 };
    const pass = 18 * 128 * 128 * 4000 * 4000;
    const passes = iterationFlops(large) / pass / 3;
    expect(passes).toBeGreaterThan(63);
    expect(passes).toBeLessThan(66);
  });

  it('follow the number of steps', () => {
    const only = (discriminatorSteps: number, generatorSteps: number) =>
      iterationFlops(level, { discriminatorSteps, generatorSteps });
    expect(only(3, 0) + only(0, 3)).toBe(iterationFlops(level));
    expect(only(6, 0)).toBe(2 * only(3, 0));
  });

  it('contain one forward of the generator in each discriminator step', () => {
    const head = 18 * 3 * 32 * area(1, 5);
    expect(generatorFlops(level)).toBe(
      head + mac2(32, 32, 2, 5) + mac2(32, 32, 3, 5) + mac2(32, 32, 4, 5) + mac2(32, 3, 5, 5),
    );
  });
});
