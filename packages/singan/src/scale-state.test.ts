import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentName } from './adam.ts';
import { initialWeights, startArrays } from './initial-weights.ts';
import type { NamedArray, NamedArrays } from './named-arrays.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { decodeScaleState, encodeScaleState, type ScaleState } from './scale-state.ts';

const LEVEL = { width: 13, height: 11, channels: 4, iterations: 3 };
const ARRAYS = startArrays({ seed: 3, scale: 0, level: LEVEL, before: null });

function stateOf(o: Partial<ScaleState> = {}): ScaleState {
  return {
    kind: 'scale',
    configHash: 'c'.repeat(64),
    imageHash: 'i'.repeat(64),
    scale: 0,
    iteration: 3,
    noiseAmplitude: 0.1 + 0.2,
    padding: 'zero',
    normalization: 'batch',
    activation: 'leakyRelu',
    loss: 'wgan-gp',
    colours: 0,
    arrays: ARRAYS,
    width: LEVEL.width,
    height: LEVEL.height,
    channels: LEVEL.channels,
    ...o,
  };
}

/** Any moments: what matters here is that they come back. */
function withMoments(arrays: NamedArrays): NamedArrays {
  const trained = [...arrays].filter(([name]) => name.includes('.block') && !name.includes('.running'));
  const moments = trained.flatMap(
    ([name, array]): Array<[string, NamedArray]> => [
      [momentName('first', name), array],
      [momentName('second', name), array],
    ],
  );
  return new Map([...arrays, ...moments]);
}

function rejection(bytes: Uint8Array, kind: ScaleState['kind'] = 'scale'): string {
  try {
    decodeScaleState(bytes, kind);
  } catch (error) {
    if (error instanceof AppError && error.code === 'checkpoint.invalid') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('scale files', () => {
  it('give back the state exactly', () => {
    expect(decodeScaleState(encodeScaleState(stateOf()), 'scale')).toEqual(stateOf());
    const checkpoint = stateOf({ kind: 'checkpoint', arrays: withMoments(ARRAYS) });
    expect(decodeScaleState(encodeScaleState(checkpoint), 'checkpoint')).toEqual(checkpoint);
  });

  it('hold z* of the padded size with noise padding, and a palette when they have colours', () => {
    const arrays = startArrays({ seed: 3, scale: 0, level: LEVEL, padding: 'noise', before: null });
    const padded = stateOf({ padding: 'noise', arrays });
    expect(arrays.get('reconstructionNoise')?.shape).toEqual([1, 21, 23, 1]);
    expect(decodeScaleState(encodeScaleState(padded), 'scale')).toEqual(padded);
    expect(rejection(encodeScaleState(stateOf({ padding: 'noise' })))).toMatch(
      /reconstructionNoise of shape \[1,21,23,1\]/,
    );

    const palette = { shape: [5, 3], data: new Float32Array(15).fill(0.5) };
    const variant = stateOf({ colours: 5, arrays: new Map([...ARRAYS, ['palette', palette]]) });
    expect(decodeScaleState(encodeScaleState(variant), 'scale')).toEqual(variant);
    expect(rejection(encodeScaleState({ ...variant, colours: 4 }))).toMatch(/palette of shape \[4,3\], got \[5,3\]/);
    expect(rejection(encodeScaleState({ ...variant, colours: 0 }))).toMatch(/unexpected tensor palette/);
    expect(rejection(encodeScaleState(stateOf({ colours: 5 })))).toMatch(/expected a tensor palette/);
  });

  it('hold the variants of nets and loss, which files of before do not name and a reader of then would refuse', () => {
    const plain = decodeSafetensors(encodeScaleState(stateOf())).metadata;
    expect(plain.version).toBe('2');
    expect(plain).not.toHaveProperty('normalization');
    const arrays = startArrays({
      seed: 3,
      scale: 0,
      level: LEVEL,
      before: null,
      normalization: 'none',
      loss: 'nearest-patch',
    });
    const variant = stateOf({ normalization: 'none', activation: 'elu', loss: 'nearest-patch', arrays });
    const bytes = encodeScaleState(variant);
    expect(decodeScaleState(bytes, 'scale')).toEqual(variant);
    expect(decodeSafetensors(bytes).metadata.version).toBe('3');
    expect([...arrays.keys()].filter((name) => /discriminator|running|gamma/.test(name))).toEqual([]);
    expect(rejection(encodeScaleState({ ...variant, loss: 'wgan-gp' }))).toMatch(
      /discriminator.block1.weight, got none/,
    );
    expect(rejection(encodeScaleState({ ...variant, normalization: 'instance' }))).toMatch(/block1.gamma, got none/);
    const unknown = { ...variant, activation: 'gelu' as never };
    expect(rejection(encodeScaleState(unknown))).toMatch(/activation to be one of leakyRelu, relu, elu, got "gelu"/);
  });

  it('give back any noise amplitude to the last bit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (noiseAmplitude) => {
        const state = decodeScaleState(encodeScaleState(stateOf({ noiseAmplitude })), 'scale');
        expect(state.noiseAmplitude).toBe(noiseAmplitude === 0 ? 0 : noiseAmplitude);
      }),
      { numRuns: 30 },
    );
  });

  it('are equal bytes for equal states', () => {
    expect(encodeScaleState(stateOf())).toEqual(encodeScaleState(stateOf()));
  });

  it('name their tensors as documented', () => {
    const names = [...decodeSafetensors(encodeScaleState(stateOf())).tensors.keys()];
    expect(names).toHaveLength(2 * (4 * 5 + 2) + 1);
    expect(names).toEqual(
      expect.arrayContaining(['generator.block1.weight', 'discriminator.block5.bias', 'reconstructionNoise']),
    );
  });

  it('never fail but with checkpoint.invalid when damaged in one place', () => {
    const bytes = encodeScaleState(stateOf());
    fc.assert(
      fc.property(fc.nat({ max: 6000 }), fc.nat({ max: 255 }), (position, value) => {
        const damaged = Uint8Array.from(bytes);
        damaged[position] = value;
        rejection(damaged);
      }),
    );
  });

  it.each([
    [
      'another kind',
      { kind: 'checkpoint' as const, arrays: withMoments(ARRAYS) },
      /expected kind scale, got checkpoint/,
    ],
    [
      'a missing tensor',
      { arrays: initialWeights({ role: 'generator', channels: 4, seed: 1, scale: 0 }) },
      /discriminator.block1.weight, got none/,
    ],
    ['z* at a finer scale', { scale: 1 }, /unexpected tensor reconstructionNoise/],
    ['other channels', { channels: 5 }, /expected generator.block1.weight of shape/],
    ['moments in a finished scale', { arrays: withMoments(ARRAYS) }, /unexpected tensor adam/],
    ['an amplitude that is no number', { noiseAmplitude: Number.NaN }, /noiseAmplitude to be a number >= 0, got "NaN"/],
    ['a negative amplitude', { noiseAmplitude: -1 }, /noiseAmplitude/],
    ['an iteration that is no count', { iteration: 1.5 }, /iteration to be a count, got "1.5"/],
  ])('reject %s', (_, change, message) => {
    expect(rejection(encodeScaleState(stateOf(change)))).toMatch(message);
  });

  it('reject a version of tomorrow and files of others', () => {
    const { tensors, metadata } = decodeSafetensors(encodeScaleState(stateOf()));
    const withMetadata = (change: Record<string, string>) =>
      encodeSafetensors({ tensors, metadata: { ...metadata, ...change } });
    expect(rejection(withMetadata({ version: '4' }))).toMatch(/expected version 2 or 3, got 4/);
    expect(rejection(withMetadata({ format: 'pt' }))).toMatch(/expected format singan-scale, got pt/);
    expect(rejection(encodeSafetensors({ tensors, metadata: {} }))).toMatch(/expected metadata format, got none/);
  });
});
