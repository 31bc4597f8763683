export { startWorker, type Worker } from './host/worker.ts';
export type { WorkerDependencies } from './host/worker-dependencies.ts';
