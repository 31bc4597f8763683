import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from '../engines.fixture.ts';
import type { NamedArray } from '../named-arrays.ts';
import {
  bytesOf,
  collect,
  finishedScales,
  scaleFiles,
  stopAfter,
  testImage,
  trainInRuns,
} from '../tiny-training.fixture.ts';
import { trainPyramid } from '../train-pyramid.ts';
import { decodeStageState, encodeStageState, type StageState } from './stage-state.ts';
import { TINY_CONCURRENT, TINY_STAGES, tinyConcurrent } from './tiny-concurrent.fixture.ts';

const NORMALIZED = { ...TINY_CONCURRENT, normalization: 'batch' as const };

const finishedStates = async (options = tinyConcurrent()): Promise<StageState[]> =>
  finishedScales(await collect(options)).map(({ bytes }) => decodeStageState(bytes, 'scale'));

describe.each(ENGINES)('the concurrent scheme on %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });

  it('gives the bytes of an undisturbed training wherever it is stopped and resumed', async () => {
    // The plain JavaScript engine is slow: two stages must do there.
    const plan = { ...TINY_STAGES, levels: TINY_STAGES.levels.slice(0, 2) };
    const options =
      engine === 'cpu' ? tinyConcurrent({ plan, image: testImage({ width: 13, height: 12 }) }) : tinyConcurrent();
    const undisturbed = await bytesOf(options);
    expect(undisturbed).toHaveLength(options.plan.levels.length);
    const anyRuns = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 9 });
    const property = fc.asyncProperty(anyRuns, async (runs) => {
      expect(await trainInRuns(options, runs)).toEqual(undisturbed);
    });
    const examples: Array<[number[]]> = [[[1, 1, 1, 1, 1, 1, 1, 1, 1]]];
    await fc.assert(property, { seed: 1, examples, numRuns: engine === 'cpu' ? 1 : 6 });
  });
});

describe('the concurrent scheme', () => {
  beforeAll(async () => {
    await startEngine('wasm');
  });

  it('resumes to the same bytes with batch norm too', async () => {
    const options = tinyConcurrent({ config: NORMALIZED });
    const undisturbed = await bytesOf(options);
    expect(await trainInRuns(options, [1, 1, 3, 1])).toEqual(undisturbed);
    expect(undisturbed).not.toEqual(await bytesOf(tinyConcurrent()));
  });

  it('gives other bytes for another seed', async () => {
    const other = await bytesOf(tinyConcurrent({ config: { ...TINY_CONCURRENT, seed: 8 } }));
    for (const [stage, bytes] of (await bytesOf(tinyConcurrent())).entries()) expect(bytes).not.toBe(other[stage]);
  });

  it('tells of every stage as of a scale: start, iterations, file and pictures of its size', async () => {
    const events = await collect(tinyConcurrent());
    expect(events.filter(({ type }) => type === 'iteration')).toHaveLength(2 + 3 + 2 + 2);
    expect(events.filter(({ type }) => type === 'scale-started').map(({ scale }) => scale)).toEqual([0, 1, 2, 3]);
    for (const { scale, width, height, channels, noiseAmplitude, ...images } of finishedScales(events)) {
      const { iterations: _, ...level } = TINY_STAGES.levels[scale] ?? {};
      expect({ width, height, channels }).toEqual(level);
      expect(noiseAmplitude === 1).toBe(scale === 0);
      for (const image of [images.reconstruction, images.sample]) expect(image).toMatchObject({ width, height });
    }
  });

  it('trains the newest stages, the tail and, as long as stage 0 is among them, the head', async () => {
    const states = await finishedStates();
    const isSame = (stage: number, name: string) => {
      const [before, after] = [states[stage - 1], states[stage]].map((state) => state?.arrays.get(name));
      expect(after?.data.length).toBeGreaterThan(0);
      return Buffer.from((before as NamedArray).data.buffer).equals(Buffer.from((after as NamedArray).data.buffer));
    };
    const names = ['head', 'stage0.conv1', 'stage1.conv3', 'tail'].map((layer) => `generator.${layer}.weight`);
    expect(names.slice(0, 2).map((name) => isSame(1, name))).toEqual([false, false]);
    expect(names.slice(0, 3).map((name) => isSame(2, name))).toEqual([true, true, false]);
    expect(names.map((name) => isSame(3, name))).toEqual([true, true, true, false]);
  });

  it('lets the older of the stages that are trained together move less', async () => {
    const plan = { ...TINY_STAGES, levels: TINY_STAGES.levels.slice(0, 2) };
    const [first, second] = await finishedStates(tinyConcurrent({ plan, image: testImage({ width: 13, height: 12 }) }));
    const distance = (from: string, to: string) => {
      const [a, b] = [first?.arrays.get(from), second?.arrays.get(to)] as [NamedArray, NamedArray];
      return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] as number)), 0);
    };
    // Stage 1 began as a copy of stage 0.
    const newest = distance('generator.stage0.conv2.weight', 'generator.stage1.conv2.weight');
    const older = distance('generator.stage0.conv2.weight', 'generator.stage0.conv2.weight');
    expect(older).toBeGreaterThan(0);
    expect(older).toBeLessThan(0.2 * newest);
  });

  it('lowers the reconstruction loss', async () => {
    const levels = TINY_STAGES.levels.slice(0, 2).map((level) => ({ ...level, iterations: 20 }));
    const config = { ...TINY_CONCURRENT, learningRate: 1e-3, reconstructionWeight: 100 };
    const image = testImage({ width: 13, height: 12 });
    const events = await collect(tinyConcurrent({ plan: { ...TINY_STAGES, levels }, config, image }));
    const losses = events.flatMap((event) => (event.type === 'iteration' ? [event.losses.reconstruction] : []));
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? 0));
  });

  it('leaves no tensor behind, also when it is left early, and keeps their number flat', async () => {
    for (const config of [TINY_CONCURRENT, NORMALIZED]) {
      const before = tf.memory().numTensors;
      await collect(tinyConcurrent({ config }));
      expect(tf.memory().numTensors).toBe(before);
      const counts = new Set<number>();
      for await (const event of trainPyramid(tinyConcurrent({ config }))) {
        if (event.type === 'iteration' && event.scale === 1) counts.add(tf.memory().numTensors);
        if (event.type === 'iteration' && event.scale === 2) break;
      }
      expect(counts.size).toBe(1);
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it('stops with a checkpoint of everything that is trained, and says so last', async () => {
    const events = await collect(tinyConcurrent({ control: stopAfter(6) }));
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['checkpoint', 'stopped']);
    const [checkpoint] = events.filter((event) => event.type === 'checkpoint');
    const state = decodeStageState(checkpoint?.bytes ?? new Uint8Array(), 'checkpoint');
    expect(state).toMatchObject({ stage: 2, iteration: 1 });
    expect(state.arrays.has('adam.first.generator.stage1.conv1.weight')).toBe(true);
    expect(state.arrays.has('adam.first.generator.stage0.conv1.weight')).toBe(false);
  });

  it('refuses files of another training, out of order or with other sigmas', async () => {
    const events = await collect(tinyConcurrent({ control: stopAfter(6) }));
    const files = scaleFiles(events) as [Uint8Array, Uint8Array];
    const checkpoint = events.flatMap((event) => (event.type === 'checkpoint' ? [event.bytes] : []))[0] as Uint8Array;
    const resume = (o: Parameters<typeof tinyConcurrent>[0]) => collect(tinyConcurrent(o));
    const refusal = { code: 'checkpoint.invalid' };
    await expect(resume({ finishedScales: files.toReversed() })).rejects.toMatchObject(refusal);
    await expect(resume({ finishedScales: files, config: NORMALIZED })).rejects.toMatchObject(refusal);
    await expect(resume({ finishedScales: files.slice(0, 1), checkpoint })).rejects.toMatchObject(refusal);
    const image = testImage({ width: 17, height: 15 });
    const darker = { ...image, data: image.data.map((value) => value / 2) };
    await expect(resume({ finishedScales: files, image: darker })).rejects.toMatchObject(refusal);
    const state = decodeStageState(checkpoint, 'checkpoint');
    const changed = encodeStageState({ ...state, noiseAmplitudes: state.noiseAmplitudes.with(1, 0.5) });
    await expect(resume({ finishedScales: files, checkpoint: changed })).rejects.toThrow(/noiseAmplitudes/);
    expect((await resume({ finishedScales: files, checkpoint })).at(-1)?.type).toBe('scale-finished');
  });

  it('reports divergence as such', async () => {
    const config = { ...TINY_CONCURRENT, learningRate: Number.NaN };
    await expect(collect(tinyConcurrent({ config }))).rejects.toMatchObject({ code: 'training.diverged' });
  });
});
