import type { Padding } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnimateOptions, animate } from './animate.ts';
import { reconstructImage } from './sample-image.ts';
import { largestDifference, rmsDifference, trainTinyModel } from './tiny-model.fixture.ts';
import type { TrainedModel } from './trained-model.ts';

const OPTIONS: AnimateOptions = { startScale: 0, alpha: 0.1, beta: 0.8, frames: 6, seed: 5, isLoop: false };

const CASES = [
  ['cpu', 'noise'],
  ['wasm', 'zero'],
  ['wasm', 'noise'],
] as const;

describe.each(CASES)('animation on %s, padding %s', (engine, padding: Padding) => {
  let model: TrainedModel;

  beforeAll(async () => {
    await startEngine(engine);
    model = (await trainTinyModel({ padding })).load();
  });

  afterAll(() => model.dispose());

  const framesOf = async (o: Partial<AnimateOptions> = {}): Promise<RgbImage[]> => {
    const frames: RgbImage[] = [];
    for await (const frame of animate(model, { ...OPTIONS, ...o })) frames.push(frame);
    return frames;
  };

  it('gives as many frames as asked for, all different, the same for the same seed', async () => {
    const frames = await framesOf();
    expect(frames).toHaveLength(6);
    for (const frame of frames) expect(frame).toMatchObject({ width: 17, height: 15 });
    expect(new Set(frames.map(({ data }) => data.join())).size).toBe(6);
    expect(await framesOf()).toEqual(frames);
    expect(await framesOf({ seed: 6 })).not.toEqual(frames);
  });

  it('begins with the frames of a longer one', async () => {
    expect(await framesOf({ frames: 3 })).toEqual((await framesOf()).slice(0, 3));
  });

  it.each([false, true])('is the reconstruction when it is held to it altogether (loop: %s)', async (isLoop) => {
    const reconstruction = reconstructImage(model);
    for (const frame of await framesOf({ alpha: 1, isLoop, frames: 3 })) {
      expect(largestDifference(frame, reconstruction)).toBeLessThan(1e-5);
    }
  });

  it('moves less the finer the start scale', async () => {
    const reconstruction = reconstructImage(model);
    const distances = await Promise.all(
      [0, 2].map(async (startScale) => {
        const frames = await framesOf({ startScale });
        return frames.reduce((sum, frame) => sum + rmsDifference(frame, reconstruction), 0);
      }),
    );
    expect(distances[1]).toBeGreaterThan(0);
    expect(distances[1]).toBeLessThan(distances[0] as number);
  });

  it('joins its last frame to its first when it is a loop, and not when it is none', async () => {
    const stepsOf = (frames: readonly RgbImage[]) =>
      frames.map((frame, i) => rmsDifference(frame, frames[(i + 1) % frames.length] as RgbImage));
    for (const seed of [1, 2, 3]) {
      const loop = stepsOf(await framesOf({ isLoop: true, frames: 12, seed }));
      expect(loop.at(-1)).toBeLessThanOrEqual(Math.max(...loop.slice(0, -1)));
      const open = stepsOf(await framesOf({ frames: 12, seed }));
      expect(open.at(-1)).toBeGreaterThan(Math.max(...open.slice(0, -1)));
    }
  });

  it('leaves no tensor behind, also when it is left early', async () => {
    const before = tf.memory().numTensors;
    await framesOf({ startScale: 1 });
    await framesOf({ isLoop: true });
    expect(tf.memory().numTensors).toBe(before);
    for await (const frame of animate(model, { ...OPTIONS, startScale: 1 })) if (frame.width > 0) break;
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps the number of tensors flat from frame to frame', async () => {
    const counts = new Set<number>();
    for await (const frame of animate(model, { ...OPTIONS, isLoop: true, frames: 20 })) {
      if (frame.width > 0) counts.add(tf.memory().numTensors);
    }
    expect(counts.size).toBe(1);
  });

  it('refuses a start scale outside the model', async () => {
    await expect(framesOf({ startScale: 3 })).rejects.toMatchObject({ code: 'sample.start_scale' });
  });
});
