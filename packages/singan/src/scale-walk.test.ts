import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalNoise } from './noise.ts';
import type { WalkOptions } from './noise-walk.ts';
import { createLoopWalk, createOpenWalk, type ScaleWalk } from './scale-walk.ts';

const SHAPE: [number, number, number, number] = [1, 40, 30, 3];

function walkOptions(): WalkOptions {
  const draw = (step: number) => normalNoise(SHAPE, { seed: 4, purpose: 'animation', scale: 1, iteration: step });
  return { fixed: normalNoise(SHAPE, { seed: 4, purpose: 'reconstruction', scale: 0 }), alpha: 0.1, beta: 0.8, draw };
}

/** Values of the frames from 0 to `count` - 1; disposes the walk. */
function framesOf(walk: ScaleWalk, count: number): Float32Array[] {
  const frames = Array.from({ length: count }, (_, frame) => {
    const noise = walk.noiseOf(frame);
    const values = Float32Array.from(noise.dataSync());
    noise.dispose();
    return values;
  });
  walk.dispose();
  return frames;
}

function rms(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length);
}

describe('the noise of an animation', () => {
  beforeAll(async () => {
    await startEngine('wasm');
  });

  it('of a loop comes back to its first frame after the last', () => {
    const frames = framesOf(createLoopWalk(walkOptions(), 10), 11);
    expect(rms(frames[10] as Float32Array, frames[0] as Float32Array)).toBeLessThan(1e-5);
    expect(rms(frames[5] as Float32Array, frames[0] as Float32Array)).toBeGreaterThan(0.1);
  });

  it('of a loop moves as evenly from the last frame to the first as between all others', () => {
    const frames = framesOf(createLoopWalk(walkOptions(), 40), 40);
    const steps = frames.map((frame, i) => rms(frame, frames[(i + 1) % 40] as Float32Array));
    const others = steps.slice(0, -1);
    expect(steps.at(-1)).toBeLessThanOrEqual(Math.max(...others));
    expect(steps.at(-1)).toBeLessThan((1.1 * others.reduce((sum, step) => sum + step, 0)) / others.length);
    expect(Math.max(...others)).toBeLessThan(1.5 * Math.min(...others));
  });

  it('of a loop strays as far from z^rec as that of an open walk', () => {
    const fixed = walkOptions().fixed;
    const centre = Float32Array.from(fixed.dataSync());
    fixed.dispose();
    const meanDistance = (frames: Float32Array[]) =>
      frames.reduce((sum, frame) => sum + rms(frame, centre), 0) / frames.length;
    const open = meanDistance(framesOf(createOpenWalk(walkOptions()), 80).slice(40));
    const loop = meanDistance(framesOf(createLoopWalk(walkOptions(), 40), 40));
    expect(loop / open).toBeGreaterThan(0.8);
    expect(loop / open).toBeLessThan(1.25);
  });

  it('survives being drawn inside a tidy, and is gone when disposed', () => {
    const before = tf.memory().numTensors;
    for (const walk of [createOpenWalk(walkOptions()), createLoopWalk(walkOptions(), 3)]) {
      for (const frame of [0, 1, 2]) {
        const sum = tf.tidy(() => tf.sum(walk.noiseOf(frame)));
        expect(Number.isFinite(sum.dataSync()[0])).toBe(true);
        sum.dispose();
      }
      walk.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
