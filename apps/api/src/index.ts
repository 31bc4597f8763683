export { buildApp } from './app.ts';
export type { ApiDependencies, ApiSettings } from './dependencies.ts';
