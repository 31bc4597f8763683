export type { Config, StorageConfig } from './config.ts';
export { envExample } from './env-example.ts';
export { loadConfig, loadEngineConfig } from './load-config.ts';
export type { Environment } from './read-variables.ts';
export { redactConfig } from './redact-config.ts';
export { AUTH_MODES, ENGINE_CHOICES, LOG_LEVELS, NATIVE_ISAS, STORAGE_KINDS, WORKER_ROLES } from './variables.ts';
