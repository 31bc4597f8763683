import { AppError } from '@singan/domain';
import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { decodeScaleState } from './scale-state.ts';
import {
  bytesOf,
  collect,
  finishedScales,
  scaleFiles,
  stopAfter,
  TINY_CONFIG,
  TINY_PLAN,
  testImage,
  tinyOptions,
  trainInRuns,
} from './tiny-training.fixture.ts';
import { trainPyramid } from './train-pyramid.ts';
import type { TrainPyramidOptions } from './train-pyramid-options.ts';

describe.each(ENGINES)('trainPyramid on %s', (engine) => {
  /** The plain JavaScript engine is slow: two scales of one step each must do there. */
  function options(): TrainPyramidOptions {
    if (engine !== 'cpu') return tinyOptions();
    const levels = TINY_PLAN.levels.slice(0, 2).map((level) => ({ ...level, iterations: 2 }));
    const config = { ...TINY_CONFIG, discriminatorSteps: 1 };
    return tinyOptions({ config, plan: { ...TINY_PLAN, levels }, image: testImage({ width: 15, height: 13 }) });
  }

  beforeAll(async () => {
    await startEngine(engine);
  });

  it('gives equal bytes for equal seeds', async () => {
    expect(await bytesOf(options())).toEqual(await bytesOf(options()));
  });

  it('gives the bytes of an undisturbed training wherever it is stopped and resumed', async () => {
    const undisturbed = await bytesOf(options());
    // A stop may fall inside a scale or on its end, once or in every iteration.
    const anyRuns = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 7 });
    const property = fc.asyncProperty(anyRuns, async (runs) => {
      expect(await trainInRuns(options(), runs)).toEqual(undisturbed);
    });
    const examples: Array<[number[]]> = [[[1, 1, 1, 1, 1, 1, 1]]];
    await fc.assert(property, { seed: 1, examples, numRuns: engine === 'cpu' ? 1 : 12 });
  });
});

describe('trainPyramid', () => {
  beforeAll(async () => {
    await startEngine('wasm');
  });

  it('gives the bytes of an undisturbed training with noise padding too, which are others', async () => {
    const padded = tinyOptions({ config: { ...TINY_CONFIG, padding: 'noise' } });
    const undisturbed = await bytesOf(padded);
    expect(await trainInRuns(padded, [1, 1, 3])).toEqual(undisturbed);
    const plain = finishedScales(await collect(tinyOptions())).map(({ bytes }) => decodeScaleState(bytes, 'scale'));
    const states = undisturbed.map((text) => decodeScaleState(Buffer.from(text, 'base64'), 'scale'));
    for (const [scale, { arrays, padding }] of states.entries()) {
      expect(padding).toBe('noise');
      const name = 'generator.block5.weight';
      expect(arrays.get(name)).not.toEqual(plain[scale]?.arrays.get(name));
    }
    expect(states[0]?.arrays.get('reconstructionNoise')?.shape).toEqual([1, 21, 23, 1]);
  });

  it('tells of every scale and iteration in order, and ends', async () => {
    const events = await collect(tinyOptions());
    const story = events.map(
      (event) => `${event.type} ${event.scale}${'iteration' in event ? `:${event.iteration}` : ''}`,
    );
    expect(story).toEqual([
      'scale-started 0:0',
      'iteration 0:1',
      'iteration 0:2',
      'iteration 0:3',
      'scale-finished 0',
      'scale-started 1:0',
      'iteration 1:1',
      'iteration 1:2',
      'scale-finished 1',
      'scale-started 2:0',
      'iteration 2:1',
      'iteration 2:2',
      'scale-finished 2',
    ]);
  });

  it('gives other bytes for another seed', async () => {
    const [first, other] = [
      await bytesOf(tinyOptions()),
      await bytesOf(tinyOptions({ config: { ...TINY_CONFIG, seed: 8 } })),
    ];
    for (const [scale, bytes] of other.entries()) expect(bytes).not.toBe(first[scale]);
  });

  it('stops with a checkpoint and says so last', async () => {
    const events = await collect(tinyOptions({ control: stopAfter(2) }));
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['checkpoint', 'stopped']);
    const [checkpoint] = events.filter((event) => event.type === 'checkpoint');
    expect(decodeScaleState(checkpoint?.bytes ?? new Uint8Array(), 'checkpoint')).toMatchObject({
      scale: 0,
      iteration: 2,
    });
  });

  it('makes a checkpoint when one is due, and trains on', async () => {
    const control = { isStopRequested: () => false, isCheckpointDue: () => true };
    const events = await collect(tinyOptions({ control }));
    const checkpoints = events.filter(({ type }) => type === 'checkpoint');
    expect(checkpoints.map((event) => `${event.scale}`)).toEqual(['0', '0', '1', '2']);
    expect(finishedScales(events)).toHaveLength(3);
  });

  it('does nothing when every scale is finished', async () => {
    const finished = scaleFiles(await collect(tinyOptions()));
    expect(await collect(tinyOptions({ finishedScales: finished }))).toEqual([]);
  });

  it('reports finite losses and images of the size of the scale', async () => {
    const events = await collect(tinyOptions());
    for (const event of events) {
      if (event.type === 'iteration') expect(Object.values(event.losses).every(Number.isFinite)).toBe(true);
    }
    for (const { scale, reconstruction, sample, width, height } of finishedScales(events)) {
      expect({ width, height }).toMatchObject({
        width: TINY_PLAN.levels[scale]?.width,
        height: TINY_PLAN.levels[scale]?.height,
      });
      for (const image of [reconstruction, sample]) {
        expect(image).toMatchObject({ width, height });
        expect(image.data.every((value) => value >= -1 && value <= 1)).toBe(true);
      }
    }
  });

  it('leaves no tensor behind, also when it is left early', async () => {
    await collect(tinyOptions());
    const before = tf.memory().numTensors;
    await collect(tinyOptions());
    expect(tf.memory().numTensors).toBe(before);
    for await (const { type } of trainPyramid(tinyOptions())) if (type === 'iteration') break;
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps the number of tensors flat over 50 iterations', async () => {
    const plan = {
      scaleFactor: 1.2,
      levels: TINY_PLAN.levels.slice(0, 2).map((level) => ({ ...level, iterations: 25 })),
    };
    const image = testImage({ width: 15, height: 13 });
    const counts = new Map<number, Set<number>>();
    for await (const event of trainPyramid(tinyOptions({ plan, image }))) {
      if (event.type !== 'iteration') continue;
      counts.set(event.scale, (counts.get(event.scale) ?? new Set()).add(tf.memory().numTensors));
    }
    expect([...counts.values()].map(({ size }) => size)).toEqual([1, 1]);
  });

  it('lowers the reconstruction loss', async () => {
    const plan = {
      scaleFactor: 1.2,
      levels: TINY_PLAN.levels.slice(0, 2).map((level) => ({ ...level, iterations: 50 })),
    };
    const config = { ...TINY_CONFIG, learningRate: 5e-3, reconstructionWeight: 100 };
    const events = await collect(tinyOptions({ plan, config, image: testImage({ width: 15, height: 13 }) }));
    const losses = events.flatMap((event) =>
      event.type === 'iteration' && event.scale === 0 ? [event.losses.reconstruction] : [],
    );
    expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? 0));
  });

  it('reports divergence as such', async () => {
    const options = tinyOptions({ config: { ...TINY_CONFIG, learningRate: Number.NaN } });
    const error = await collect(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'training.diverged' });
  });
});
