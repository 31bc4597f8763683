import { SIFID_LAYERS } from '@singan/contracts';
import { expect, it } from 'vitest';
import { hasSifid } from './sifid-size.ts';

/** Locations along a side of n px: 3x3 of stride 2, 3x3, 3x3 padded; then 3x3 pooling of stride 2, 1x1, 3x3 (Inception-v3). */
function locations(n: number) {
  const at2b = Math.floor((n - 3) / 2) + 1 - 2;
  const at4a = Math.floor((at2b - 3) / 2) + 1 - 2;
  return { conv2d_2b: Math.max(0, at2b), conv2d_4a: Math.max(0, at4a) };
}

it('is said of exactly the pictures whose features have two locations', () => {
  for (let width = 1; width <= 40; width += 1) {
    for (let height = 1; height <= 40; height += 1) {
      const expected = SIFID_LAYERS.filter((layer) => locations(width)[layer] * locations(height)[layer] >= 2);
      const found = SIFID_LAYERS.filter((layer) => hasSifid({ width, height }, layer));
      expect([width, height, found]).toEqual([width, height, expected]);
    }
  }
});
