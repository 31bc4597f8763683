import type { EngineName } from '@singan/engine';
import { chosenEngine, describeParity, describeParityWithoutEngine } from './support/parity-suite.ts';

/** The native engine has a file for each instruction set. */
const ENGINES: readonly EngineName[] = ['cpu', 'wasm'];

describeParityWithoutEngine();
for (const engine of ENGINES.filter((name) => (chosenEngine() ?? name) === name)) describeParity(engine);
