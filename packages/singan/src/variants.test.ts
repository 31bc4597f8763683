import type { PyramidPlan, TrainingConfig } from '@singan/contracts';
import { isNativeBuilt, startEngine } from '@singan/engine';
import { hasDiscriminator, planPyramid } from '@singan/plan';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { animate } from './animate.ts';
import { injectImage } from './inject-image.ts';
import { loadModel } from './load-model.ts';
import { reconstructImage, sampleImage } from './sample-image.ts';
import { decodeScaleState } from './scale-state.ts';
import { superResolve } from './super-resolve.ts';
import { largestDifference } from './tiny-model.fixture.ts';
import {
  collect,
  scaleFiles,
  TINY_CONFIG,
  TINY_PLAN,
  testImage,
  tinyOptions,
  toText,
  trainInRuns,
} from './tiny-training.fixture.ts';
import type { TrainPyramidOptions } from './train-pyramid-options.ts';
import type { IterationLosses } from './training-event.ts';

type Variant = Partial<TrainingConfig>;

const WITHOUT_DISCRIMINATOR = { discriminatorSteps: 0, gradientPenaltyWeight: 0 };
const VARIANTS: Record<string, Variant> = {
  'padding circular': { padding: 'circular' },
  'padding reflect': { padding: 'reflect' },
  'normalization instance': { normalization: 'instance' },
  'normalization none': { normalization: 'none' },
  'activation relu': { activation: 'relu' },
  'activation elu': { activation: 'elu' },
  'reconstruction noise redrawn': { reconstructionNoise: 'redrawn' },
  'loss frechet-patch': { loss: 'frechet-patch', ...WITHOUT_DISCRIMINATOR },
  'loss nearest-patch': { loss: 'nearest-patch', ...WITHOUT_DISCRIMINATOR },
  'loss aligned-patch': { loss: 'aligned-patch', ...WITHOUT_DISCRIMINATOR },
  'all at once': {
    padding: 'circular',
    normalization: 'none',
    activation: 'elu',
    loss: 'nearest-patch',
    ...WITHOUT_DISCRIMINATOR,
  },
};

function optionsOf(variant: Variant, plan: PyramidPlan = TINY_PLAN): TrainPyramidOptions {
  const { width, height } = plan.levels.at(-1) ?? { width: 0, height: 0 };
  return tinyOptions({
    config: { ...TINY_CONFIG, learningRate: 5e-3, ...variant },
    plan,
    image: testImage({ width, height }),
  });
}

/** Trains in runs of two iterations, as many as there are scales, and one for the rest. */
const trainInShortRuns = (options: TrainPyramidOptions) =>
  trainInRuns(
    options,
    options.plan.levels.map(() => 2),
  );

async function lossesOf(variant: Variant, iterations: number): Promise<IterationLosses[]> {
  const levels = TINY_PLAN.levels
    .slice(0, 2)
    .map((level) => ({ ...level, iterations: level.width === 13 ? iterations : 1 }));
  const events = await collect(optionsOf(variant, { ...TINY_PLAN, levels }));
  return events.flatMap((event) => (event.type === 'iteration' && event.scale === 0 ? [event.losses] : []));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One engine, the fastest there is: what differs between engines are the ops, and their tests run on all. */
beforeAll(() => startEngine(isNativeBuilt() ? 'native' : 'wasm'));

describe.each(Object.entries(VARIANTS))('a training with %s', (name, variant) => {
  it('gives the same bytes when it is stopped and resumed, and others than a plain one', async () => {
    const files = scaleFiles(await collect(optionsOf(variant)));
    expect(await trainInShortRuns(optionsOf(variant))).toEqual(files.map(toText));
    const { padding, normalization, activation, loss } = decodeScaleState(files[0] as Uint8Array, 'scale');
    expect({ ...TINY_CONFIG, padding, normalization, activation, loss }).toEqual({
      ...TINY_CONFIG,
      ...variant,
      ...ofTrainingOnly(),
    });
    const plain = scaleFiles(await collect(optionsOf({})));
    const weightOf = (bytes: Uint8Array) => decodeScaleState(bytes, 'scale').arrays.get('generator.block5.weight');
    expect(weightOf(files[0] as Uint8Array)).not.toEqual(weightOf(plain[0] as Uint8Array));
  });

  it('lowers its own losses', async () => {
    const isAdversarial = hasDiscriminator(variant.loss ?? 'wgan-gp');
    // As in the test of the plain training: beside a critic, so small a generator learns to reconstruct only when that counts for much.
    // Without normalisation the scores of a critic grow without bound at the learning rate that so few iterations need.
    const isUnbounded = isAdversarial && variant.normalization === 'none';
    const adversarialWeights = { reconstructionWeight: 100, gradientPenaltyWeight: isUnbounded ? 10 : 0.1 };
    const losses = await lossesOf({ ...variant, ...(isAdversarial ? adversarialWeights : {}) }, 60);
    const falls = (loss: (one: IterationLosses) => number, share: number): void => {
      const values = losses.map(loss);
      expect(mean(values.slice(-10))).toBeLessThan(share * mean(values.slice(0, 3)));
    };
    falls(({ reconstruction }) => reconstruction, 0.8);
    if (isAdversarial) return;
    falls(({ generatorAdversarial, reconstruction }) => generatorAdversarial + reconstruction, 0.8);
    const critic = losses.map((one) => [one.discriminatorReal, one.discriminatorFake, one.gradientPenalty]);
    expect(critic.flat().every((value) => value === 0)).toBe(true);
  });

  it('makes a model that can be sampled, in any size, given pictures, animated and enlarged', async () => {
    const options = optionsOf(variant);
    const scales = scaleFiles(await collect(options));
    const before = tf.memory().numTensors;
    const model = loadModel({ config: options.config, plan: TINY_PLAN, scales });
    const sizes = TINY_PLAN.levels.map(({ width, height }) => ({ width: 2 * width, height: height + 3 }));
    const { image } = options;
    const frames = [];
    for await (const frame of animate(model, {
      startScale: 0,
      alpha: 0.1,
      beta: 0.9,
      frames: 2,
      seed: 1,
      isLoop: false,
    })) {
      frames.push(frame);
    }
    const images = {
      sample: sampleImage(model, { seed: 1, index: 0, sizes }),
      partial: sampleImage(model, { seed: 1, index: 0, startScale: 1 }),
      reconstruction: reconstructImage(model),
      injected: injectImage(model, { image, startScale: 1, seed: 1, index: 0 }),
      enlarged: superResolve(model, { image, factor: 2, seed: 1 }),
      frame: frames[1],
    };
    expect(images.sample).toMatchObject(sizes.at(-1) ?? {});
    expect(images.enlarged).toMatchObject({ width: 34, height: 30 });
    for (const one of Object.values(images)) expect(one?.data.every((value) => Math.abs(value) <= 1)).toBe(true);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor behind', async () => {
    await collect(optionsOf(variant));
    const before = tf.memory().numTensors;
    await collect(optionsOf(variant));
    expect(tf.memory().numTensors, name).toBe(before);
  });
});

/** What only the training needs to know is in the configuration, not in the file. */
function ofTrainingOnly(): Variant {
  const { discriminatorSteps, gradientPenaltyWeight, reconstructionNoise } = TINY_CONFIG;
  return { discriminatorSteps, gradientPenaltyWeight, reconstructionNoise };
}

describe('a reconstruction noise that is redrawn', () => {
  it('is another one in each iteration, from the second', async () => {
    const [fixed, redrawn] = [await lossesOf({}, 3), await lossesOf({ reconstructionNoise: 'redrawn' }, 3)];
    const ratioOf = (iteration: number) =>
      (redrawn[iteration]?.reconstruction ?? Number.NaN) / (fixed[iteration]?.reconstruction ?? Number.NaN);
    expect(ratioOf(0)).toBeCloseTo(1, 5);
    expect(ratioOf(1)).not.toBeCloseTo(1, 3);
  });
});

describe('a model with instance norm', () => {
  it('is used in one piece, and says so where that would be too large', async () => {
    const options = optionsOf({ normalization: 'instance' });
    const model = loadModel({ config: options.config, plan: TINY_PLAN, scales: scaleFiles(await collect(options)) });
    expect(() => sampleImage(model, { seed: 1, index: 0, tileLimitPixels: 200 })).toThrow(
      /one piece of at most 200 pixels, got 17x15 = 255: ask for a smaller one, or train a model with normalization batch or none/,
    );
    const whole = sampleImage(model, { seed: 1, index: 0 });
    expect(largestDifference(sampleImage(model, { seed: 1, index: 0, tileLimitPixels: 255 }), whole)).toBe(0);
    model.dispose();
  });
});

describe.each([{ rule: 'reference' }, { rule: 'paper', scaleCount: 4 }, { rule: 'paper', scaleFactor: 1.5 }] as const)(
  'a pyramid of %o',
  (pyramid) => {
    it('is trained as planned, and resumed to the same bytes', async () => {
      const config = { ...TINY_CONFIG, pyramid, maxSize: 33, iterations: 2, finestIterations: 2 };
      const plan = planPyramid({ width: 33, height: 27 }, config);
      const options = optionsOf({ pyramid, maxSize: 33, iterations: 2, finestIterations: 2 }, plan);
      const files = scaleFiles(await collect(options));
      expect(files).toHaveLength(plan.levels.length);
      expect(await trainInShortRuns(options)).toEqual(files.map(toText));
      const model = loadModel({ config: options.config, plan, scales: files });
      expect(sampleImage(model, { seed: 1, index: 0 })).toMatchObject({ width: 33, height: 27 });
      model.dispose();
    });
  },
);
