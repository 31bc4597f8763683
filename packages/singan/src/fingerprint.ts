import { createHash } from 'node:crypto';
import type { TrainingConfig } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';

/** SHA-256 of everything that decides a training besides the picture; hex. The order of fields does not matter. */
export function hashConfig(config: TrainingConfig): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex');
}

/** SHA-256 of size and pixels; hex. */
export function hashImage({ width, height, data }: RgbImage): string {
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(`${width}x${height}:`).update(pixels).digest('hex');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
