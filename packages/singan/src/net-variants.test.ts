import { ACTIVATIONS, type Activation, NORMALIZATIONS, type Normalization } from '@singan/contracts';
import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { forwardTraining } from './forward-training.ts';
import { createInferenceNet, disposeInferenceNet, forwardInference } from './inference-net.ts';
import { initialWeights } from './initial-weights.ts';
import { discriminatorGradients } from './losses/step-gradients.ts';
import type { NamedArrays } from './named-arrays.ts';
import { createNet, disposeNet, type Net, readNet } from './net.ts';
import { arrayName } from './net-layout.ts';
import { normalNoise, normalValues } from './noise.ts';

const CHANNELS = 3;
const [HEIGHT, WIDTH] = [11, 12];
const STYLES = NORMALIZATIONS.flatMap((normalization) =>
  ACTIVATIONS.map((activation) => ({ normalization, activation })),
);

/** Ten times the initial weights, so that signals do not fade on the way through five layers. */
function weightsOf(role: Net['role'], normalization: Normalization): NamedArrays {
  const initial = initialWeights({ role, channels: CHANNELS, seed: 3, scale: 0, normalization });
  return new Map(
    [...initial].map(([name, { shape, data }]) => [
      name,
      { shape, data: name.endsWith('weight') ? data.map((value) => 10 * value) : data },
    ]),
  );
}

const noise = (number: number, shape: [number, number, number, number] = [1, HEIGHT, WIDTH, 3]) =>
  tf.tidy(
    () => tf.mul(normalNoise(shape, { seed: 6, purpose: 'sample', scale: 0, iteration: number }), 0.5) as tf.Tensor4D,
  );

interface Image64 {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float64Array;
}

/** A discriminator in double precision, written down once more: convolution, normalisation, activation, straight from their definitions. */
class Oracle {
  readonly parameters: Map<string, Float64Array>;
  readonly #style: { normalization: Normalization; activation: Activation };

  constructor(arrays: NamedArrays, style: { normalization: Normalization; activation: Activation }) {
    this.parameters = new Map([...arrays].map(([name, { data }]) => [name, Float64Array.from(data)]));
    this.#style = style;
  }

  scores(values: Float64Array): Float64Array {
    let x: Image64 = { height: HEIGHT, width: WIDTH, channels: 3, values };
    for (let block = 1; block <= 4; block++) x = this.#activate(this.#normalise(this.#convolve(x, block), block));
    return this.#convolve(x, 5).values;
  }

  #part(block: number, name: string): Float64Array | undefined {
    return this.parameters.get(arrayName('discriminator', block, name));
  }

  #convolve(x: Image64, block: number): Image64 {
    const weight = this.#part(block, 'weight') as Float64Array;
    const bias = this.#part(block, 'bias');
    const channels = weight.length / 9 / x.channels;
    const [height, width] = [x.height - 2, x.width - 2];
    const values = new Float64Array(height * width * channels);
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let k = 0; k < 9 * x.channels; k++) {
        const [tap, input] = [Math.floor(k / x.channels), k % x.channels];
        const row = Math.floor(pixel / width) + Math.floor(tap / 3);
        const column = (pixel % width) + (tap % 3);
        const value = x.values[(row * x.width + column) * x.channels + input] as number;
        for (let out = 0; out < channels; out++) {
          const at = pixel * channels + out;
          values[at] = (values[at] as number) + value * (weight[k * channels + out] as number);
        }
      }
    }
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + (bias?.[i % channels] ?? 0);
    return { height, width, channels, values };
  }

  #normalise(x: Image64, block: number): Image64 {
    const [gamma, beta] = [this.#part(block, 'gamma'), this.#part(block, 'beta')];
    if (!gamma || !beta) return x;
    const pixels = x.values.length / x.channels;
    const sums = (term: (value: number, channel: number) => number) => {
      const total = new Float64Array(x.channels);
      x.values.forEach((value, i) => {
        total[i % x.channels] = (total[i % x.channels] as number) + term(value, i % x.channels) / pixels;
      });
      return total;
    };
    const mean = sums((value) => value);
    const variance = sums((value, channel) => (value - (mean[channel] as number)) ** 2);
    const values = x.values.map((value, i) => {
      const c = i % x.channels;
      const normal = (value - (mean[c] as number)) / Math.sqrt((variance[c] as number) + 1e-5);
      return (gamma[c] as number) * normal + (beta[c] as number);
    });
    return { ...x, values };
  }

  #activate(x: Image64): Image64 {
    const below = { leakyRelu: (v: number) => 0.2 * v, relu: () => 0, elu: (v: number) => Math.expm1(v) };
    return { ...x, values: x.values.map((v) => (v > 0 ? v : below[this.#style.activation](v))) };
  }

  /** GP at a picture, its gradient by central differences. */
  penalty(picture: Float64Array): number {
    const h = 1e-6;
    const total = (values: Float64Array) => this.scores(values).reduce((sum, value) => sum + value, 0);
    const gradient = picture.map((value, i) => {
      return (total(picture.with(i, value + h)) - total(picture.with(i, value - h))) / (2 * h);
    });
    let penalty = 0;
    for (let i = 0; i < gradient.length; i += 3) penalty += (Math.hypot(...gradient.subarray(i, i + 3)) - 1) ** 2;
    return penalty / (gradient.length / 3);
  }
}

describe.each(STYLES)('nets with normalization $normalization and activation $activation', (style) => {
  beforeAll(() => startEngine('cpu'));

  it('give the gradient penalty and its gradient found by differences in double precision', () => {
    const arrays = weightsOf('discriminator', style.normalization);
    const discriminator = createNet('discriminator', arrays, style);
    // With u = 1 the penalty looks at the picture itself; real and fake are the same, so that their scores cancel.
    const real = noise(1);
    const o = { discriminator, real, fake: real, mix: 1, gradientPenaltyWeight: 1 };
    const { terms, gradients } = discriminatorGradients(o);
    const oracle = new Oracle(arrays, style);
    const picture = Float64Array.from(real.dataSync());
    expect((terms.gradientPenalty.dataSync()[0] as number) / oracle.penalty(picture)).toBeCloseTo(1, 4);

    let analytic = 0;
    const moves = [...discriminator.parameters.keys()].map((name, step): [string, Float32Array] => {
      const gradient = (gradients[step] as tf.Tensor).dataSync<'float32'>();
      const move = normalValues(gradient.length, { seed: 8, purpose: 'sample', scale: 0, step });
      analytic += gradient.reduce((sum, value, i) => sum + value * (move[i] as number), 0);
      return [name, move];
    });
    const at = (t: number): number => {
      for (const [name, move] of moves) {
        const from = arrays.get(name)?.data as Float32Array;
        oracle.parameters.set(
          name,
          Float64Array.from(from, (value, i) => value + t * (move[i] as number)),
        );
      }
      return oracle.penalty(picture);
    };
    const h = 1e-6;
    const numeric = (at(h) - at(-h)) / (2 * h);
    expect(Math.abs(analytic - numeric)).toBeLessThan(1e-3 * Math.max(1, Math.abs(numeric)));
    disposeNet(discriminator);
  });

  it('are read back as they were given, and leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    const arrays = weightsOf('generator', style.normalization);
    const net = createNet('generator', arrays, style);
    expect(new Map([...readNet(net)].sort())).toEqual(new Map([...arrays].sort()));
    disposeNet(net);
    const trained = createInferenceNet('generator', arrays, style);
    const input = noise(2, [1, 22, 23, 3]);
    forwardInference(trained, input).dispose();
    input.dispose();
    disposeInferenceNet(trained);
    expect(tf.memory().numTensors).toBe(before);
  });

  // With batch norm the two differ: running statistics are used then.
  if (style.normalization === 'batch') return;
  it('do the same in use as in training', () => {
    const arrays = weightsOf('generator', style.normalization);
    const [net, trained] = [createNet('generator', arrays, style), createInferenceNet('generator', arrays, style)];
    const input = noise(2, [1, 22, 23, 3]);
    const output = tf.tidy(() => {
      const forward = forwardTraining(net, input);
      expect(forward.statistics).toEqual([]);
      return forward.output;
    });
    expect(forwardInference(trained, input).dataSync()).toEqual(output.dataSync());
    disposeNet(net);
    disposeInferenceNet(trained);
  });
});
