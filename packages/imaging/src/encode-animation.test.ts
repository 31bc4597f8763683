import type { RgbImage } from '@singan/domain';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { frameDelaysMs } from './animation-frames.ts';
import { encodeAnimation, MAX_FPS } from './index.ts';
import { levelOf, movingFrame } from './picture.fixture.ts';

const frames = Array.from({ length: 6 }, (_, index) => movingFrame(index));

async function* drawn(pictures: readonly RgbImage[]): AsyncGenerator<RgbImage> {
  yield* pictures;
}

async function decode(animation: Buffer) {
  const facts = await sharp(animation).metadata();
  const data = await sharp(animation, { animated: true }).toColourspace('srgb').removeAlpha().raw().toBuffer();
  return { facts, data };
}

function meanError(data: Uint8Array, pictures: readonly RgbImage[]): number {
  const levels = pictures.flatMap((picture) => Array.from(picture.data, levelOf));
  expect(data.length).toBe(levels.length);
  return levels.reduce((sum, level, index) => sum + Math.abs(level - (data[index] ?? 0)), 0) / levels.length;
}

describe.each(['webp', 'gif'] as const)('an animated %s', (format) => {
  it('shows every frame in its turn, for its time, as often as asked', async () => {
    const { facts, data } = await decode(await encodeAnimation(frames, { format, fps: 10, loop: 3 }));
    expect(facts).toMatchObject({ format, width: 40, height: 30, pages: 6, loop: 3, delay: Array(6).fill(100) });
    expect(meanError(data, frames)).toBeLessThan(format === 'webp' ? 3 : 6);
  });

  it('is played for ever by default, and has the same bytes each time, also from a generator', async () => {
    const [one, two] = [
      await encodeAnimation(frames, { format, fps: 10 }),
      await encodeAnimation(drawn(frames), { format, fps: 10 }),
    ];
    expect(one.equals(two)).toBe(true);
    expect((await decode(one)).facts.loop).toBe(0);
  });

  it('has no tint when it is to be gray', async () => {
    const { data } = await decode(await encodeAnimation(frames, { format, fps: 10, gray: true }));
    const tint = data.reduce(
      (most, byte, index) => Math.max(most, Math.abs(byte - (data[index - (index % 3)] ?? 0))),
      0,
    );
    // WebP stores luminance and colour difference: coming back from them rounds.
    expect(tint).toBeLessThanOrEqual(format === 'webp' ? 1 : 0);
    const grays = frames.map((frame) => ({ ...frame, data: frame.data.map((_, at) => meanOfPixel(frame, at)) }));
    expect(meanError(data, grays)).toBeLessThan(2);
  });

  it('may have a single frame', async () => {
    const { data } = await decode(await encodeAnimation(frames.slice(0, 1), { format, fps: 10 }));
    expect(meanError(data, frames.slice(0, 1))).toBeLessThan(6);
  });
});

function meanOfPixel({ data }: RgbImage, at: number): number {
  const start = at - (at % 3);
  return ((data[start] ?? 0) + (data[start + 1] ?? 0) + (data[start + 2] ?? 0)) / 3;
}

describe('an animation', () => {
  it('is WebP unless asked otherwise', async () => {
    expect((await sharp(await encodeAnimation(frames, { fps: 10 })).metadata()).format).toBe('webp');
  });

  it('keeps its time as a whole, though a frame lasts whole units', async () => {
    expect(frameDelaysMs(3, { fps: 15, unitMs: 10 })).toEqual([70, 60, 70]);
    const { facts } = await decode(await encodeAnimation(frames, { format: 'gif', fps: 15 }));
    expect(facts.delay).toEqual([70, 60, 70, 70, 60, 70]);
    const fps = fc.double({ min: 0.1, max: MAX_FPS, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fps, fc.constantFrom(1, 10), (count, rate, unitMs) => {
        const delays = frameDelaysMs(count, { fps: rate, unitMs });
        const total = delays.reduce((sum, delay) => sum + delay, 0);
        expect(Math.abs(total - (count * 1000) / rate)).toBeLessThanOrEqual(unitMs / 2 + 1e-6);
        for (const delay of delays) expect(Math.abs(delay - 1000 / rate)).toBeLessThanOrEqual(unitMs + 1e-6);
      }),
    );
  });

  it('needs frames, all of one size', async () => {
    await expect(encodeAnimation([], { fps: 10 })).rejects.toThrow('at least one frame');
    const mixed = [movingFrame(0, 40, 30), movingFrame(1, 40, 31)];
    await expect(encodeAnimation(mixed, { fps: 10 })).rejects.toThrow('frames of 40x30 px, got 40x31');
  });

  it.each([0, -1, Number.NaN, MAX_FPS + 1])('cannot have %f frames a second', async (fps) => {
    await expect(encodeAnimation(frames, { fps })).rejects.toThrow(`0 < fps <= ${MAX_FPS}`);
  });

  it('ends with the error of whoever draws the frames', async () => {
    async function* failing(): AsyncGenerator<RgbImage> {
      yield* frames;
      throw new Error('the model is gone');
    }
    await expect(encodeAnimation(failing(), { fps: 10 })).rejects.toThrow('the model is gone');
  });
});
