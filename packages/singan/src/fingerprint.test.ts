import { describe, expect, it } from 'vitest';
import { hashConfig, hashImage } from './fingerprint.ts';
import { TINY_CONFIG, testImage } from './tiny-training.fixture.ts';

describe('fingerprints', () => {
  it('of a config do not depend on the order of its fields', () => {
    const reversed = Object.fromEntries(Object.entries(TINY_CONFIG).reverse()) as typeof TINY_CONFIG;
    expect(hashConfig(reversed)).toBe(hashConfig(TINY_CONFIG));
  });

  it('of a config depend on every field, also of its parts', () => {
    expect(hashConfig({ ...TINY_CONFIG, seed: 8 })).not.toBe(hashConfig(TINY_CONFIG));
    expect(hashConfig({ ...TINY_CONFIG, pyramid: { rule: 'reference' } })).not.toBe(hashConfig(TINY_CONFIG));
  });

  it('of a config stay what they were before it had the fields that came later', () => {
    // Computed when a configuration ended with the fields below.
    expect(hashConfig(TINY_CONFIG)).toBe('f17fcb03e13e1dfc19ec58de5e85677852109068395aded756092c42ffddc37f');
    const other = [
      { normalization: 'none' },
      { activation: 'elu' },
      { loss: 'aligned-patch' },
      { reconstructionNoise: 'redrawn' },
    ] as const;
    for (const later of other) {
      expect(hashConfig({ ...TINY_CONFIG, ...later })).not.toBe(hashConfig(TINY_CONFIG));
    }
  });

  it('of an image depend on its pixels and its size', () => {
    const image = testImage({ width: 6, height: 4 });
    expect(hashImage(image)).toBe(hashImage({ ...image, data: Float32Array.from(image.data) }));
    expect(hashImage(image)).not.toBe(hashImage({ ...image, width: 4, height: 6 }));
    expect(hashImage(image)).not.toBe(hashImage({ ...image, data: image.data.with(5, 0.123) }));
  });
});
