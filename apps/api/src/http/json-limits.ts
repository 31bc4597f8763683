import { AppError } from '@singan/domain';

const MAX_DEPTH = 8;
const MAX_VALUES = 1000;

/** Refuses JSON that is deep or has many values before a schema walks it. No request of this API needs a tenth of either. */
export function requireModestJson(value: unknown): void {
  let values = 0;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) {
      throw new AppError('request.invalid', `The JSON may be nested at most ${MAX_DEPTH} levels deep.`);
    }
    values += level.length;
    if (values > MAX_VALUES) {
      throw new AppError('request.invalid', `The JSON may have at most ${MAX_VALUES} values.`);
    }
    level = level.flatMap((entry) => (typeof entry === 'object' && entry !== null ? Object.values(entry) : []));
  }
}
