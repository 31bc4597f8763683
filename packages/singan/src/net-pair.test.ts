import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { composeInput } from './generator.ts';
import { initialWeights } from './initial-weights.ts';
import type { NamedArrays } from './named-arrays.ts';
import { createNetPair, discriminatorStep, disposeNetPair, generatorStep, readNetPair } from './net-pair.ts';
import { normalNoise } from './noise.ts';

const STEP = { step: 1, learningRate: 5e-4 };

function setUp() {
  const nets = (['generator', 'discriminator'] as const).flatMap((role) => [
    ...initialWeights({ role, channels: 4, seed: 1, scale: 1 }),
  ]);
  const pair = createNetPair(new Map(nets), null);
  const real = normalNoise([1, 14, 13, 3], { seed: 1, purpose: 'sample', scale: 0 });
  const input = composeInput({ noise: real, noiseAmplitude: 0.1, previous: real });
  const dispose = () => {
    disposeNetPair(pair);
    tf.dispose([real, input.padded]);
  };
  return { pair, real, input, dispose };
}

/** Names of the arrays that differ. */
function changes(before: NamedArrays, after: NamedArrays): string[] {
  return [...before.keys()].filter((name) => before.get(name)?.data.join() !== after.get(name)?.data.join());
}

const isTrained = (name: string) => !name.includes('.running');

describe('the steps of a scale', () => {
  beforeAll(async () => {
    await startEngine('wasm');
  });

  it('of the discriminator move every parameter of D and none of G, and the statistics of both', () => {
    const { pair, real, input, dispose } = setUp();
    const before = readNetPair(pair);
    tf.dispose(discriminatorStep(pair, { ...STEP, real, input, mix: 0.3, gradientPenaltyWeight: 0.1 }));
    const changed = changes(before, readNetPair(pair));
    expect(changed.filter((name) => name.startsWith('generator')).filter(isTrained)).toEqual([]);
    // The bias of D's score cancels between real and fake, and the penalty does not see it.
    const parameters = [...pair.discriminator.parameters.keys()].filter((name) => !name.endsWith('block5.bias'));
    expect(changed).toEqual(expect.arrayContaining(parameters));
    expect(changed.filter((name) => !isTrained(name))).toHaveLength(16);
    dispose();
  });

  it('of the generator move every parameter of G and none of D, and the statistics of both', () => {
    const { pair, real, input, dispose } = setUp();
    const before = readNetPair(pair);
    const o = { real, input, reconstructionInput: input, reconstructionWeight: 10 };
    tf.dispose(generatorStep(pair, { ...STEP, ...o }));
    const changed = changes(before, readNetPair(pair));
    expect(changed.filter((name) => name.startsWith('discriminator')).filter(isTrained)).toEqual([]);
    expect(changed).toEqual(expect.arrayContaining([...pair.generator.parameters.keys()]));
    expect(changed.filter((name) => !isTrained(name))).toHaveLength(16);
    dispose();
  });

  it('leave no tensor behind over 50 of them', () => {
    const start = tf.memory().numTensors;
    const { pair, real, input, dispose } = setUp();
    const before = tf.memory().numTensors;
    for (let step = 1; step <= 50; step++) {
      const shared = { real, input, step, learningRate: 5e-4 };
      tf.dispose(discriminatorStep(pair, { ...shared, mix: 0.3, gradientPenaltyWeight: 0.1 }));
      tf.dispose(generatorStep(pair, { ...shared, reconstructionInput: input, reconstructionWeight: 10 }));
      expect(tf.memory().numTensors).toBe(before);
    }
    dispose();
    expect(tf.memory().numTensors).toBe(start);
  });
});
