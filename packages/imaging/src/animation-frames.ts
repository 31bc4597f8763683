import type { RgbImage } from '@singan/domain';
import { type PixelBytes, pixelBytes } from './pixel-bytes.ts';

/** Pictures in their order; a generator may still be drawing them. */
export type Frames = Iterable<RgbImage> | AsyncIterable<RgbImage>;

/** Each frame as bytes, as it comes. All frames have the size of the first one. */
export async function* frameBytes(frames: Frames, options: { gray: boolean }): AsyncGenerator<PixelBytes, void> {
  let first: PixelBytes | undefined;
  for await (const frame of frames) {
    const bytes = pixelBytes(frame, options);
    first ??= bytes;
    if (bytes.width !== first.width || bytes.height !== first.height) {
      throw new Error(`expected frames of ${first.width}x${first.height} px, got ${bytes.width}x${bytes.height}`);
    }
    yield bytes;
  }
  if (first === undefined) throw new Error('an animation needs at least one frame');
}

/**
 * How long each frame is shown, in whole units (GIF counts hundredths of a second). The ends of the frames are rounded, not their
 * lengths: the animation as a whole keeps its time.
 */
export function frameDelaysMs(count: number, { fps, unitMs }: { fps: number; unitMs: number }): number[] {
  const endMs = (frame: number) => Math.round((frame * 1000) / fps / unitMs) * unitMs;
  return Array.from({ length: count }, (_, frame) => endMs(frame + 1) - endMs(frame));
}
