import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { balloonsPicture, hillsPicture, pebblesPicture } from './pictures.ts';

describe.each([hillsPicture, balloonsPicture, pebblesPicture])('%o', (picture) => {
  const size = { width: 60, height: 40 };

  it('is an RGB PNG of the wanted size with something to see', async () => {
    const png = await picture({ ...size, seed: 1 });
    expect(await sharp(png).metadata()).toMatchObject({ ...size, format: 'png', channels: 3, hasAlpha: false });
    const { channels } = await sharp(png).stats();
    for (const channel of channels) expect(channel.stdev).toBeGreaterThan(10);
  });

  it('follows from its seed alone', async () => {
    const [one, same, other] = [
      await picture({ ...size, seed: 1 }),
      await picture({ ...size, seed: 1 }),
      await picture({ ...size, seed: 2 }),
    ];
    expect(one.equals(same)).toBe(true);
    expect(one.equals(other)).toBe(false);
  });
});
