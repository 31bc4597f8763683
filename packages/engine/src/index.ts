export { isNativeBuilt } from './native/addon.ts';
export { type KernelProfile, profileKernels } from './native/profile.ts';
export {
  type EngineChoice,
  type EngineInfo,
  type EngineName,
  type EngineOptions,
  startEngine,
} from './start-engine.ts';
