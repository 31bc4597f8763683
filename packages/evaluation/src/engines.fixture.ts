import { type EngineName, isNativeBuilt } from '@singan/engine';

/** Engines that the tests run on: the plain one, the portable one, and the native one where it is built. */
export const ENGINES: readonly EngineName[] = isNativeBuilt() ? ['cpu', 'wasm', 'native'] : ['cpu', 'wasm'];
