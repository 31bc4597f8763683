import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentName } from '../adam.ts';
import type { NamedArray, NamedArrays } from '../named-arrays.ts';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.ts';
import type { StageNormalization } from './layout.ts';
import { decodeStageState, encodeStageState, type StageState } from './stage-state.ts';
import { stageStartArrays } from './start-arrays.ts';

const PICTURE: [string, NamedArray] = ['reconstructionNoise', { shape: [1, 5, 6, 3], data: new Float32Array(90) }];

/** Of stage 2: the third one. */
function stateOf(o: Partial<StageState> = {}, normalization: StageNormalization = 'none'): StageState {
  return {
    kind: 'scale',
    configHash: 'c'.repeat(64),
    imageHash: 'i'.repeat(64),
    stage: 2,
    iteration: 3,
    width: 13,
    height: 11,
    channels: 4,
    normalization,
    concurrentStages: 2,
    noiseAmplitudes: [1, 0.1 + 0.2, 1e-17],
    arrays: o.arrays ?? arraysOf(normalization),
    ...o,
  };
}

function arraysOf(normalization: StageNormalization): NamedArrays {
  let arrays = stageStartArrays({ seed: 3, channels: 4, normalization, before: null });
  for (const stage of [0, 1]) {
    const before = { ...stateOf({ arrays: new Map() }), stage, arrays };
    arrays = stageStartArrays({ seed: 3, channels: 4, normalization, before });
  }
  return new Map([...arrays, PICTURE]);
}

/** Of the two newest stages, the tail and the discriminator; any values will do. */
function withMoments(arrays: NamedArrays): NamedArrays {
  const isTrained = (name: string) => /stage[12]\.|\.tail|discriminator/.test(name);
  const moments = (['first', 'second'] as const).flatMap((kind) =>
    [...arrays].filter(([name]) => isTrained(name)).map(([name, array]) => [momentName(kind, name), array] as const),
  );
  return new Map([...arrays, ...moments]);
}

function rejection(bytes: Uint8Array, kind: StageState['kind'] = 'scale'): string {
  try {
    decodeStageState(bytes, kind);
  } catch (error) {
    if (error instanceof AppError && error.code === 'checkpoint.invalid') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('stage files', () => {
  it.each(['none', 'batch'] as const)('give back the state exactly, normalization %s', (normalization) => {
    const state = stateOf({}, normalization);
    expect(decodeStageState(encodeStageState(state), 'scale')).toEqual(state);
    const checkpoint = { ...state, kind: 'checkpoint' as const, arrays: withMoments(state.arrays) };
    expect(decodeStageState(encodeStageState(checkpoint), 'checkpoint')).toEqual(checkpoint);
    expect(encodeStageState(checkpoint)).toEqual(encodeStageState(checkpoint));
  });

  it('name their tensors as documented', () => {
    const names = [...decodeSafetensors(encodeStageState(stateOf())).tensors.keys()];
    expect(names).toHaveLength(2 * (1 + 3 * 3 + 1) + 2 * 5 + 1);
    const some = ['generator.head.weight', 'generator.stage2.conv3.bias', 'generator.tail.bias', PICTURE[0]];
    expect(names).toEqual(expect.arrayContaining([...some, 'discriminator.block1.weight']));
    const normalised = [...stateOf({}, 'batch').arrays.keys()];
    expect(normalised).toContain('generator.stage1.conv2.gamma');
    expect(normalised).not.toContain('generator.stage1.conv2.bias');
  });

  it('never fail but with checkpoint.invalid when damaged in one place', () => {
    const bytes = encodeStageState(stateOf());
    fc.assert(
      fc.property(fc.nat({ max: 6000 }), fc.nat({ max: 255 }), (position, value) => {
        const damaged = Uint8Array.from(bytes);
        damaged[position] = value;
        rejection(damaged);
      }),
    );
  });

  it.each<[string, Partial<StageState>, RegExp]>([
    ['another kind', { kind: 'checkpoint', arrays: withMoments(arraysOf('none')) }, /expected kind scale/],
    ['a missing tensor', { arrays: new Map([PICTURE]) }, /generator.head.weight, got none/],
    ['a missing picture', { arrays: new Map([...arraysOf('none')].slice(0, -1)) }, /reconstructionNoise, got none/],
    ['fewer stages than it has', { stage: 1, noiseAmplitudes: [1, 1] }, /unexpected tensor generator.stage2/],
    ['another number of sigmas', { noiseAmplitudes: [1, 1] }, /expected 3 noiseAmplitudes, got 2/],
    ['a sigma that is no number', { noiseAmplitudes: [1, 1, Number.NaN] }, /noiseAmplitudes to be numbers >= 0/],
    ['a negative sigma', { noiseAmplitudes: [1, -1, 1] }, /noiseAmplitudes/],
    ['other channels', { channels: 5 }, /expected generator.head.weight of shape/],
    ['another normalization', { normalization: 'batch' }, /generator.head.gamma, got none/],
    ['moments in a finished stage', { arrays: withMoments(arraysOf('none')) }, /unexpected tensor adam/],
  ])('reject %s', (_, change, message) => {
    expect(rejection(encodeStageState(stateOf(change)))).toMatch(message);
  });

  it('reject moments of stages that stand still, and none of those that are trained', () => {
    const checkpoint = stateOf({ kind: 'checkpoint', arrays: withMoments(arraysOf('none')) });
    const of = (concurrentStages: number) =>
      rejection(encodeStageState({ ...checkpoint, concurrentStages }), 'checkpoint');
    expect(of(2)).toBe('accepted');
    expect(of(1)).toMatch(/unexpected tensor adam.first.generator.stage1/);
    expect(of(3)).toMatch(/expected a tensor adam.first.generator.head.weight/);
  });

  it('reject a version of tomorrow and files of others', () => {
    const { tensors, metadata } = decodeSafetensors(encodeStageState(stateOf()));
    const withMetadata = (change: Record<string, string>) =>
      encodeSafetensors({ tensors, metadata: { ...metadata, ...change } });
    expect(rejection(withMetadata({ version: '2' }))).toMatch(/expected version 1, got 2/);
    expect(rejection(withMetadata({ format: 'singan-scale' }))).toMatch(/expected format singan-stage/);
    expect(rejection(withMetadata({ normalization: 'layer' }))).toMatch(/one of batch, none, got "layer"/);
    expect(rejection(encodeSafetensors({ tensors, metadata: {} }))).toMatch(/expected metadata format, got none/);
  });
});
