import { encodeSafetensors } from '@singan/singan';
import { describe, expect, it } from 'vitest';
import { TORCH_METADATA, torchTensors } from './checkpoint.fixture.ts';
import { decodeWeights } from './decode-weights.ts';
import { INCEPTION_LAYERS } from './inception-layers.ts';

const encode = (o: { tensors?: ReturnType<typeof torchTensors>; metadata?: Record<string, string> } = {}) =>
  encodeSafetensors({ tensors: o.tensors ?? torchTensors(), metadata: o.metadata ?? TORCH_METADATA });

describe('weights from a file', () => {
  it('are the convolutions of PyTorch, turned to outputs last, with their batch normalisation folded in', () => {
    const tensors = torchTensors();
    const value = (name: string, at: number) => tensors.get(name)?.data[at] ?? Number.NaN;
    const { convolutions } = decodeWeights(encode());
    for (const [layer, { name, side, inputs, outputs }] of INCEPTION_LAYERS.entries()) {
      const { weight, bias } = convolutions[layer] ?? { weight: [], bias: [] };
      for (const [output, input, row, column] of [
        [0, 0, 0, 0],
        [outputs - 1, inputs - 1, side - 1, side - 1],
        [5, 2, 0, side - 1],
        [7, 1, side - 1, 0],
      ] as const) {
        const scale = value(`${name}.bn.weight`, output) / Math.sqrt(value(`${name}.bn.running_var`, output) + 1e-3);
        const torch = value(`${name}.conv.weight`, ((output * inputs + input) * side + row) * side + column);
        expect(weight[((row * side + column) * inputs + input) * outputs + output]).toBeCloseTo(torch * scale, 5);
        const shift = value(`${name}.bn.bias`, output) - value(`${name}.bn.running_mean`, output) * scale;
        expect(bias[output]).toBeCloseTo(shift, 4);
      }
    }
  });

  it('carry their name, with the digest of the file, and their input range', () => {
    const { name, inputRange } = decodeWeights(encode());
    expect(name).toMatch(/^tiny sha256:[0-9a-f]{12}$/);
    expect(inputRange).toEqual([-1, 1]);
    const { 'Conv2d_1a_3x3.bn.bias': _, ...same } = Object.fromEntries(torchTensors());
    const other = new Map([
      ...Object.entries(same),
      ['Conv2d_1a_3x3.bn.bias', { shape: [32], data: new Float32Array(32) }],
    ]);
    expect(decodeWeights(encode({ tensors: other as never })).name).not.toBe(name);
  });

  it.each([
    ['of another kind', { format: 'singan-scale' }, 'expected metadata format "inception-v3", got "singan-scale"'],
    ['of another version', { version: '2' }, 'expected metadata version "1", got "2"'],
    ['with a range of one end', { inputRange: '1' }, 'expected metadata inputRange such as "-1,1", got "1"'],
    ['with a range upside down', { inputRange: '1,-1' }, 'inputRange such as "-1,1", got "1,-1"'],
  ])('%s are refused', (_, metadata, message) => {
    const bytes = encode({ metadata: { ...TORCH_METADATA, ...metadata } });
    expect(() => decodeWeights(bytes)).toThrow(message);
  });

  it('with a tensor missing, misshapen or not finite are refused by its name', () => {
    const name = 'Conv2d_3b_1x1.bn.running_var';
    const without = torchTensors();
    without.delete(name);
    expect(() => decodeWeights(encode({ tensors: without }))).toThrow(`a tensor ${name} of shape [80], got none`);
    const wrong = torchTensors().set(name, { shape: [2, 40], data: new Float32Array(80) });
    expect(() => decodeWeights(encode({ tensors: wrong }))).toThrow(`${name} of shape [80], got [2,40]`);
    const endless = torchTensors().set(name, { shape: [80], data: new Float32Array(80).fill(Number.NaN) });
    expect(() => decodeWeights(encode({ tensors: endless }))).toThrow(`finite values in ${name}`);
  });

  it('that are no safetensors file are a fault of the configuration', () => {
    expect(() => decodeWeights(new TextEncoder().encode('a pickle, perhaps'))).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringMatching(/^weights of Inception-v3: /) }),
    );
  });
});
