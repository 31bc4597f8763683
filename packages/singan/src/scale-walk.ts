import * as tf from '@tensorflow/tfjs-core';
import { NoiseWalk, type WalkOptions } from './noise-walk.ts';

/** Noise of one scale, frame by frame. */
export interface ScaleWalk {
  /** Noise of the frame, [1, height, width, channels]; the caller disposes. Frames are asked for in order, from 0, each once. */
  noiseOf(frame: number): tf.Tensor4D;
  dispose(): void;
}

/** Frame t has z_{t+2}. Disposes `fixed` in the end. */
export function createOpenWalk(o: WalkOptions): ScaleWalk {
  const walk = new NoiseWalk(o);
  return {
    noiseOf: () => {
      walk.advance();
      return tf.clone(walk.current);
    },
    dispose: () => {
      walk.dispose();
      o.fixed.dispose();
    },
  };
}

/**
 * A walk that ends where it begins. Two points T frames apart go along one walk, and the frames go over from the later to the
 * earlier, which is by then where the later one began:
 *
 *   z^rec + sin(q) (z_{T+t+2} - z^rec) + cos(q) (z_{2T+t+2} - z^rec),   q = (pi / 2) (t / T),   for frame t of T
 *
 * Frame T would be frame 0, so the step from the last frame to the first is like any other. sin^2 + cos^2 = 1 keeps the
 * variance, for the two points are far enough apart to be independent. The first T steps are left out: near z^rec a walk strays
 * less, and the frames would move unevenly. Disposes `fixed` in the end.
 */
export function createLoopWalk(o: WalkOptions, frames: number): ScaleWalk {
  const earlier = new NoiseWalk(o);
  const later = new NoiseWalk(o);
  for (let step = 0; step < frames; step++) earlier.advance();
  for (let step = 0; step < 2 * frames; step++) later.advance();
  return {
    noiseOf: (frame) => {
      earlier.advance();
      later.advance();
      const angle = (Math.PI / 2) * (frame / frames);
      return tf.tidy(() => {
        const partOf = (walk: NoiseWalk, share: number) => tf.mul(tf.sub(walk.current, o.fixed), share);
        const parts = [partOf(earlier, Math.sin(angle)), partOf(later, Math.cos(angle))];
        return tf.addN([o.fixed, ...parts]) as tf.Tensor4D;
      });
    },
    dispose: () => {
      earlier.dispose();
      later.dispose();
      o.fixed.dispose();
    },
  };
}
