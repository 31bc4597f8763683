import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { injectImage } from './inject-image.ts';
import { type RetrainScaleOptions, retrainScale } from './retrain-scale.ts';
import { reconstructImage } from './sample-image.ts';
import { decodeScaleState } from './scale-state.ts';
import { type TinyModel, trainTinyModel } from './tiny-model.fixture.ts';
import { finishedScales, NEVER_STOP, stopAfter, TINY_PLAN, testImage } from './tiny-training.fixture.ts';
import type { ScaleFinishedEvent, TrainingEvent } from './training-event.ts';

const image = testImage({ width: 17, height: 15 });

describe.each(ENGINES)('retraining a scale on quantised inputs on %s', (engine) => {
  let trained: TinyModel;

  beforeAll(async () => {
    await startEngine(engine);
    trained = await trainTinyModel();
  });

  const optionsOf = (o: Partial<RetrainScaleOptions> = {}): RetrainScaleOptions => {
    const { config, files } = trained;
    const shared = { image, config, plan: TINY_PLAN, scales: files, checkpoint: null, control: NEVER_STOP };
    return { ...shared, scale: 1, colours: 3, ...o };
  };

  const retrain = async (o: Partial<RetrainScaleOptions> = {}): Promise<TrainingEvent[]> => {
    const events: TrainingEvent[] = [];
    for await (const event of retrainScale(optionsOf(o))) events.push(event);
    return events;
  };

  const variantOf = async (o: Partial<RetrainScaleOptions> = {}) =>
    finishedScales(await retrain(o))[0] as ScaleFinishedEvent;

  it('tells of one scale, and ends with its variant', async () => {
    const events = await retrain();
    expect(events.map(({ type }) => type)).toEqual(['scale-started', 'iteration', 'iteration', 'scale-finished']);
    const variant = decodeScaleState((events.at(-1) as ScaleFinishedEvent).bytes, 'scale');
    const original = decodeScaleState(trained.files[1] as Uint8Array, 'scale');
    expect(variant).toMatchObject({ scale: 1, iteration: 2, colours: 3, noiseAmplitude: original.noiseAmplitude });
    const name = 'generator.block1.weight';
    expect(variant.arrays.get(name)).not.toEqual(original.arrays.get(name));
  });

  it('gives the same bytes, also when it was stopped and resumed', async () => {
    const undisturbed = (await variantOf()).bytes;
    const stopped = await retrain({ control: stopAfter(1) });
    expect(stopped.map(({ type }) => type).slice(-2)).toEqual(['checkpoint', 'stopped']);
    const { bytes: checkpoint } = stopped.find(({ type }) => type === 'checkpoint') as { bytes: Uint8Array };
    expect((await variantOf({ checkpoint })).bytes).toEqual(undisturbed);
  });

  it('ends with the variant when it is stopped on its last iteration', async () => {
    const events = await retrain({ control: stopAfter(2) });
    expect(events.at(-1)?.type).toBe('scale-finished');
  });

  it('makes a model that sees the colours of the palette only', async () => {
    const { bytes } = await variantOf();
    const nearly = { ...image, data: image.data.map((value) => value + 1e-4) };
    const inject = (model: ReturnType<TinyModel['load']>, picture: typeof image) =>
      injectImage(model, { image: picture, startScale: 1, seed: 5, index: 0 }).data;
    const [model, variant] = [trained.load(), trained.load({ variant: { scale: 1, bytes } })];
    expect(inject(variant, nearly)).toEqual(inject(variant, image));
    expect(inject(model, nearly)).not.toEqual(inject(model, image));
    expect(inject(variant, image)).not.toEqual(inject(model, image));
    model.dispose();
    variant.dispose();
  });

  it('reports the reconstruction that the variant gives', async () => {
    const { bytes, reconstruction } = await variantOf();
    const model = trained.load({ scales: trained.files.slice(0, 2), variant: { scale: 1, bytes } });
    expect(reconstructImage(model)).toEqual(reconstruction);
    model.dispose();
  });

  it('does not let scales and variants be taken for one another', async () => {
    const { bytes } = await variantOf();
    const [, ordinary = new Uint8Array()] = trained.files;
    const scales = trained.files.with(1, bytes);
    expect(() => trained.load({ scales })).toThrow(/expected no palette, got one of 3 colours/);
    expect(() => trained.load({ variant: { scale: 1, bytes: ordinary } })).toThrow(/expected a palette/);
    expect(() => trained.load({ variant: { scale: 2, bytes } })).toThrow(/expected scale 2, got 1/);
    await expect(retrain({ scales })).rejects.toMatchObject({ code: 'checkpoint.invalid' });
  });

  it('refuses the checkpoint of a retraining with other colours', async () => {
    const events = await retrain({ control: stopAfter(1) });
    const { bytes: checkpoint } = events.find(({ type }) => type === 'checkpoint') as { bytes: Uint8Array };
    await expect(retrain({ checkpoint, colours: 4 })).rejects.toThrow(/expected 4 colours, got 3/);
  });

  it.each([0, 3, -1, 0.5])('refuses the scale %s', async (scale) => {
    await expect(retrain({ scale })).rejects.toThrow(/expected 1 to 2/);
  });

  it('leaves no tensor behind, also when it is left early', async () => {
    await retrain();
    const before = tf.memory().numTensors;
    await retrain({ scale: 2 });
    const { bytes } = await variantOf();
    trained.load({ variant: { scale: 1, bytes } }).dispose();
    for await (const { type } of retrainScale(optionsOf())) if (type === 'iteration') break;
    expect(tf.memory().numTensors).toBe(before);
  });
});
