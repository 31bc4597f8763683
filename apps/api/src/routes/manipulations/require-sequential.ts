import type { ModelRecord } from '@singan/database';
import { AppError } from '@singan/domain';

/**
 * For what works with one scale by itself: the stages of a growing generator cannot be taken apart.
 * @param what as the caller named it, in words
 * @throws AppError `model.wrong_purpose`
 */
export function requireSequential({ config }: Pick<ModelRecord, 'config'>, what: string): void {
  if (config.scheme === 'sequential') return;
  throw new AppError(
    'model.wrong_purpose',
    `${what} needs a model of scheme sequential, this one was trained with scheme ${config.scheme}. Train one on the same picture: POST /models with config {"scheme": "sequential"}.`,
  );
}
