export { type EngineChoice, type EngineInfo, type EngineName, startEngine } from './start-engine.ts';
