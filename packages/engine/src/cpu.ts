import { cpus } from 'node:os';

/** TF.js's plain JavaScript backend: the slow one that every kernel can be checked against. */
export async function startCpu() {
  await import('@tensorflow/tfjs-backend-cpu');
  return { isa: 'javascript', threads: 1, device: cpus()[0]?.model ?? 'unknown' };
}
