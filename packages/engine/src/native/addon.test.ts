import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.ts';
import { isNativeBuilt, loadAddon, type NativeAddon } from './addon.ts';

describe.skipIf(!isNativeBuilt())('the addon', () => {
  let addon: NativeAddon;

  beforeAll(async () => {
    await startEngine('native', { nativeThreads: 2 });
    addon = loadAddon();
  });

  it('refuses an instruction set it does not know, and names those of the processor', () => {
    // A second start of one process is refused for itself.
    expect(() => addon.start('abacus', 1)).toThrow(/started already/);
    expect(() => addon.start('avx2', 5000)).toThrow(/threads.*0\.\.1024.*5000/);
  });

  it('refuses tensors that do not exist', () => {
    const id = addon.fill(3, 1);
    addon.release(id);
    expect(() => addon.size(id)).toThrow(`there is no tensor ${id}`);
    expect(() => addon.release(id)).toThrow(`there is no tensor ${id}`);
    expect(() => addon.read(-1, new Float32Array(1))).toThrow(/integer/);
  });

  it('refuses sizes that do not fit', () => {
    const [x, weights] = [addon.fill(5 * 5 * 4, 1), addon.fill(9 * 4 * 8, 1)];
    expect(() => addon.conv(x, 5, 5, 3, weights, 8)).toThrow('expected x of 75 values, got 100');
    expect(() => addon.conv(x, 5, 5, 4, weights, 7)).toThrow('expected weights of 252 values, got 288');
    expect(() => addon.conv(x, 2, 5, 4, weights, 8)).toThrow(/height.*3\.\./);
    expect(() => addon.read(x, new Float32Array(99))).toThrow(/another size/);
    expect(() => addon.binary(0, x, weights)).toThrow(/differ in size/);
    expect(() => addon.convBlockGradGrad(x, 5, 5, 4, x, x, new Int32Array(3))).toThrow(/result of a ConvBlock/);
    for (const tensor of [x, weights]) addon.release(tensor);
  });

  it('refuses a net that is too small, incomplete or of other kernels', () => {
    const [x, weights, bias] = [addon.fill(8 * 8 * 3, 1), addon.fill(9 * 3, 1), addon.fill(1, 1)];
    const outputs = new Int32Array(3);
    const parameters = Int32Array.of(weights, bias);
    expect(() => addon.netForward(x, 8, 8, 3, Int32Array.of(weights), 0.2, 1e-5, outputs)).toThrow(/two for the last/);
    expect(() => addon.netForward(x, 2, 32, 3, parameters, 0.2, 1e-5, outputs)).toThrow(/at least 3 pixels/);
    expect(() => addon.netForward(x, 8, 8, 3, Int32Array.of(x, bias), 0.2, 1e-5, outputs)).toThrow(/weights of 27/);
    expect(() => addon.netGrad(x, weights, outputs)).toThrow(/pass to come from a net/);
    expect(() => addon.netFilterGrads(x, outputs)).toThrow(/gradient to come from a net/);
    for (const tensor of [x, weights, bias]) addon.release(tensor);
  });

  it('refuses a step whose images or nets do not fit', () => {
    const [real, padded, odd] = [addon.fill(8 * 8 * 3, 1), addon.fill(10 * 10 * 3, 1), addon.fill(7, 1)];
    const [toImage, threeBiases] = [addon.fill(9 * 3 * 3, 1), addon.fill(3, 1)];
    const [toScore, bias] = [addon.fill(9 * 3, 1), addon.fill(1, 1)];
    const [generator, discriminator] = [Int32Array.of(toImage, threeBiases), Int32Array.of(toScore, bias)];
    const outputs = new Int32Array(8);
    const judge = (fake: number, parameters: Int32Array) =>
      addon.discriminatorGradients(real, fake, 8, 8, 3, parameters, 0.2, 1e-5, 0.5, 0.1, outputs);
    expect(() => judge(odd, discriminator)).toThrow('expected fake of 192 values, got 7');
    expect(() => judge(real, Int32Array.of(toScore))).toThrow(/two for the last/);
    expect(() => judge(real, Int32Array.of(odd, bias))).toThrow('expected weights of 27 values, got 7');
    const generate = (input: number, previous: number, parameters: Int32Array) =>
      addon.generatorGradients(
        ...([real, input, previous, padded, real, 8, 8, 3, parameters] as const),
        ...([discriminator, 0.2, 1e-5, 10, outputs] as const),
      );
    expect(() => generate(odd, real, generator)).toThrow('expected padded of 300 values, got 7');
    expect(() => generate(padded, odd, generator)).toThrow('expected previous of 192 values, got 7');
    expect(() => generate(padded, real, discriminator)).toThrow('expected bias of 3 values, got 1');
    for (const tensor of [real, padded, odd, toImage, threeBiases, toScore, bias]) addon.release(tensor);
  });

  it('answers garbage with an error or a result, whatever the function', () => {
    const garbage = fc.oneof(
      fc.integer({ min: -2, max: 12 }),
      fc.double(),
      fc.constantFrom(undefined, null, 'x', true, {}, [], 2 ** 31, 2 ** 53),
      fc.int32Array({ maxLength: 40, min: -3, max: 40 }),
      fc.float32Array({ maxLength: 12 }),
    );
    const functions = Object.entries(addon).filter(([name]) => !name.startsWith('start')) as [
      string,
      (...args: unknown[]) => unknown,
    ][];
    expect(functions.length).toBeGreaterThan(20);
    const before = addon.tensorCount();
    const live = [1, 9, 36, 75].map((size) => addon.fill(size, 1));
    fc.assert(
      fc.property(fc.constantFrom(...functions), fc.array(garbage, { maxLength: 14 }), ([name, run], args) => {
        // Numbers of live tensors come up often enough to get past the first checks; they must not be released.
        if (name === 'release') return;
        try {
          run(...args);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 3000, seed: 5 },
    );
    for (const tensor of live) addon.release(tensor);
    expect(addon.tensorCount()).toBeGreaterThanOrEqual(before);
  });
});
