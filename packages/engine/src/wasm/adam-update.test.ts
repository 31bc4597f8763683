import { adamUpdate, philoxNormal } from '@singan/ops';
import {
  engine,
  memory,
  setBackend,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.ts';

beforeAll(async () => {
  await startEngine('cpu');
  await startEngine('wasm');
});

const SHAPES = [[3, 3, 2, 4], [7]];

const draws = (number: number): Tensor[] =>
  SHAPES.map((shape, i) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return tensor(philoxNormal(size, { seed: 1, stream: i, counter: [number, 0] }), shape);
  });

function update(variables: Variable[], moments: Variable[][], step: number): void {
  const [firstMoments, secondMoments] = moments as [Variable[], Variable[]];
  const gradients = draws(step);
  const settings = { learningRate: 5e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
  adamUpdate({ variables, gradients, firstMoments, secondMoments, step, ...settings });
}

function newState(): { variables: Variable[]; moments: Variable[][] } {
  const variables = draws(0).map((t) => variable(t));
  return { variables, moments: [0, 1].map(() => variables.map((v) => variable(zerosLike(v)))) };
}

async function fiveSteps(name: 'cpu' | 'wasm'): Promise<number[]> {
  await setBackend(name);
  return tidy(() => {
    const { variables, moments } = newState();
    for (const step of [1, 2, 3, 4, 5]) update(variables, moments, step);
    return variables.flatMap((v) => Array.from(v.dataSync()));
  });
}

describe('the wasm AdamUpdate', () => {
  it('follows the composed one', async () => {
    const [expected, actual] = [await fiveSteps('cpu'), await fiveSteps('wasm')];
    for (const [i, value] of expected.entries()) expect(Math.abs(value - (actual[i] as number))).toBeLessThan(1e-6);
  });

  it('leaves nothing on the heap', async () => {
    await setBackend('wasm');
    const { variables, moments } = newState();
    const step = () => tidy(() => update(variables, moments, 1));
    step();
    const [tensors, buffers] = [memory().numTensors, engine().backend.numDataIds()];
    for (let i = 0; i < 50; i++) step();
    expect(memory().numTensors).toBe(tensors);
    expect(engine().backend.numDataIds()).toBe(buffers);
  });
});
