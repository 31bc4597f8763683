import { createHash } from 'node:crypto';
import { LATER_FIELDS, type TrainingConfig } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import type { TrainingIdentity } from './level-state.ts';

/**
 * SHA-256 of everything that decides a training besides the picture; hex. The order of fields does not matter. A field that came
 * later counts only with another value than trainings had before it: their files keep their fingerprint.
 */
export function hashConfig(config: TrainingConfig): string {
  const before: Readonly<Record<string, unknown>> = LATER_FIELDS;
  const counting = Object.entries(config).filter(
    ([name, value]) => before[name] === undefined || before[name] !== value,
  );
  return createHash('sha256')
    .update(canonicalJson(Object.fromEntries(counting)))
    .digest('hex');
}

/** What all files of a training of a picture have in common. */
export function identityOf({ config, image }: { config: TrainingConfig; image: RgbImage }): TrainingIdentity {
  return { configHash: hashConfig(config), imageHash: hashImage(image) };
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
