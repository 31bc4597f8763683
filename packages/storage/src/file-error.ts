import { AppError } from '@singan/domain';

/** Absence of a file, also where a part of its path is a file or the path itself is a folder. */
export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error));
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The AppError for an error of the file system. */
export function translateFileError(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  const detail = `${doing}: ${error instanceof Error ? error.message : String(error)}`;
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError('storage.full', detail, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('storage.refused', detail, { cause: error });
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new AppError(
        'storage.key_invalid',
        `a key cannot be an object and the folder of another one at once; ${detail}`,
        { cause: error },
      );
    default:
      return new AppError('storage.unavailable', detail, { cause: error });
  }
}
