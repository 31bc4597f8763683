import { dispose, memory, type Tensor, type Variable, variable, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AdamUpdateOptions, adamUpdate } from './adam-update.ts';
import { expectClose, expectNoLeak, random, startComposedOnCpu } from './test-support.ts';

beforeAll(startComposedOnCpu);

const SHAPES = [[3, 3, 2, 4], [4], []];
const SETTINGS = { learningRate: 5e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };

interface State {
  readonly variables: Variable[];
  readonly firstMoments: Variable[];
  readonly secondMoments: Variable[];
}

const newState = (): State => ({
  variables: SHAPES.map((shape, i) => variable(random<Tensor>(shape, i))),
  firstMoments: SHAPES.map((shape) => variable(zeros(shape))),
  secondMoments: SHAPES.map((shape) => variable(zeros(shape))),
});

const gradientsOf = (step: number): Tensor[] =>
  SHAPES.map((shape, i) => random<Tensor>(shape, 50 + 3 * step + i, 10 ** (i - 2)));

/** Kingma & Ba, Algorithm 1, in double precision. */
function adam64(start: Float64Array, gradients: readonly ArrayLike<number>[]): Float64Array {
  const { learningRate, beta1, beta2, epsilon } = SETTINGS;
  return start.map((theta, k) => {
    let [value, m, v] = [theta, 0, 0];
    for (const [i, gradient] of gradients.entries()) {
      const g = gradient[k] as number;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      const [mHat, vHat] = [m / (1 - beta1 ** (i + 1)), v / (1 - beta2 ** (i + 1))];
      value -= (learningRate * mHat) / (Math.sqrt(vHat) + epsilon);
    }
    return value;
  });
}

describe('adamUpdate', () => {
  it('follows Adam over several steps', () => {
    const state = newState();
    const starts = state.variables.map((v) => Float64Array.from(v.dataSync()));
    const steps = [1, 2, 3, 4, 5];
    for (const step of steps) adamUpdate({ ...state, gradients: gradientsOf(step), step, ...SETTINGS });
    for (const [i, start] of starts.entries()) {
      const gradients = steps.map((step) => (gradientsOf(step)[i] as Tensor).dataSync());
      const moved = adam64(start, gradients).map((value, k) => value - (start[k] as number));
      const actual = (state.variables[i] as Variable).dataSync();
      expectClose(
        start.map((value, k) => (actual[k] as number) - value),
        moved,
        2e-3,
      );
    }
  });

  it('moves each value by the learning rate in its first step, whatever the size of the gradient', () => {
    const state = newState();
    const before = state.variables.map((v) => v.dataSync().slice());
    const gradients = gradientsOf(1);
    adamUpdate({ ...state, gradients, step: 1, ...SETTINGS });
    for (const [i, v] of state.variables.entries()) {
      const signs = (gradients[i] as Tensor).dataSync().map(Math.sign);
      const expected = signs.map((sign, k) => (before[i]?.[k] as number) - SETTINGS.learningRate * sign);
      expectClose(v.dataSync(), expected, 1e-6);
    }
  });

  it('leaves no tensor behind, nor changes one that shared a variable’s data', () => {
    const state = newState();
    const shared = (state.variables[0] as Variable).clone();
    const before = shared.dataSync().slice();
    const gradients = gradientsOf(1);
    expectNoLeak(() => adamUpdate({ ...state, gradients, step: 1, ...SETTINGS }));
    expect([...shared.dataSync()]).toEqual([...before]);
    const { numTensors } = memory();
    dispose([shared, ...gradients, ...state.variables, ...state.firstMoments, ...state.secondMoments]);
    expect(memory().numTensors).toBe(numTensors - 1 - 4 * SHAPES.length);
  });

  it('refuses gradients of another number or shape', () => {
    const o: AdamUpdateOptions = { ...newState(), gradients: gradientsOf(1), step: 1, ...SETTINGS };
    expect(() => adamUpdate({ ...o, gradients: o.gradients.slice(1) })).toThrow(/lengths 3,2,3,3/);
    expect(() => adamUpdate({ ...o, gradients: o.gradients.toReversed() })).toThrow(/shape \[3,3,2,4\]/);
  });
});
