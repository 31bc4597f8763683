import { convBlockKernel, convFilterGradKernel, noiseKernel } from '@singan/ops';
import { env, getBackend, getGradient } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { isNativeBuilt } from './native/addon.ts';
import { type EngineChoice, startEngine } from './start-engine.ts';

describe('startEngine', () => {
  it('starts the wasm engine with SIMD, from the files of its package', async () => {
    expect(await startEngine('wasm')).toMatchObject({ engine: 'wasm', isa: 'wasm-simd', threads: 1 });
    expect(getBackend()).toBe('wasm');
    expect(env().getBool('WASM_HAS_SIMD_SUPPORT')).toBe(true);
  });

  it('starts the cpu engine', async () => {
    expect(await startEngine('cpu')).toMatchObject({ engine: 'cpu', isa: 'javascript', threads: 1 });
    expect(getBackend()).toBe('cpu');
  });

  it('chooses the native engine by itself where it is built, else wasm', async () => {
    const engine = isNativeBuilt() ? 'native' : 'wasm';
    expect(await startEngine('auto')).toMatchObject({ engine });
    expect(getBackend()).toBe(engine);
  });

  it('leaves the project’s kernels and gradients registered, however often it is called', async () => {
    await startEngine('wasm');
    await startEngine('wasm');
    for (const kernel of [convBlockKernel, convFilterGradKernel, noiseKernel]) {
      expect(kernel.isImplemented('wasm')).toBe(true);
      expect(kernel.isImplemented('cpu')).toBe(true);
    }
    expect(getGradient('ConvBlock')).toBeDefined();
  });

  it('says which engines there are when asked for another', async () => {
    const unknown = 'abacus' as EngineChoice;
    await expect(startEngine(unknown)).rejects.toMatchObject({
      code: 'engine.unavailable',
      message: expect.stringMatching(/abacus.*native, wasm, cpu/),
    });
  });
});
