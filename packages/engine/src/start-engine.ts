import { AppError } from '@singan/domain';
import { registerComposedKernels, registerOps } from '@singan/ops';
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import { startCpu } from './cpu.ts';
import type { NativeOptions } from './native/start.ts';
import { startWasm } from './wasm/start.ts';

export type EngineName = 'native' | 'wasm' | 'cpu';
export type EngineChoice = 'auto' | EngineName;

export interface EngineInfo {
  readonly engine: EngineName;
  /** What the arithmetic runs on: 'avx512', 'avx2', 'portable', 'wasm-simd', 'wasm', 'javascript'. */
  readonly isa: string;
  readonly threads: number;
  readonly device: string;
}

/** What an engine may be told; the others do not listen. */
export interface EngineOptions extends NativeOptions {}

type Start = (options: EngineOptions) => Promise<Omit<EngineInfo, 'engine'>>;

const STARTERS: Record<EngineName, Start> = {
  // Loaded when it is wanted: it brings TF.js's cpu backend along, for the kernels it has none of.
  native: async (options) => (await import('./native/start.ts')).startNative(options),
  wasm: startWasm,
  cpu: startCpu,
};

/** Fastest first; 'auto' takes the first that starts. */
const PREFERENCE: readonly EngineName[] = ['native', 'wasm', 'cpu'];

/**
 * Makes an engine the TF.js backend of this process and registers the project's kernels and gradients for it.
 * @throws AppError engine.unavailable, with what was tried and why it failed.
 */
export async function startEngine(choice: EngineChoice, options: EngineOptions = {}): Promise<EngineInfo> {
  // TF.js's switch against debug checks and against its advice to install another backend.
  enableProdMode();
  const candidates = choice === 'auto' ? PREFERENCE : [choice];
  const failures: string[] = [];
  for (const engine of candidates) {
    try {
      const facts = await starterOf(engine)(options);
      await setBackend(engine);
      registerComposedKernels(engine);
      registerOps();
      return { engine, ...facts };
    } catch (error) {
      failures.push(`${engine}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new AppError('engine.unavailable', `Expected one of these engines to start: ${failures.join('; ')}`);
}

function starterOf(engine: EngineName): Start {
  const start: Start | undefined = STARTERS[engine];
  if (start !== undefined) return start;
  throw new AppError('engine.unavailable', `expected auto, ${PREFERENCE.join(', ')}, got ${engine}`);
}
