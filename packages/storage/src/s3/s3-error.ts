import { S3ServiceException } from '@aws-sdk/client-s3';
import { AppError, type ErrorCode } from '@singan/domain';

/** Of servers that keep objects as files: the key is a folder, or a part of it is an object. */
const KEY_ERRORS = ['ExistingObjectIsDirectory', 'ObjectParentIsFile', 'KeyTooLongError'];

/** The AppError for an error of the S3 client: `doing` says what was tried, as in "reading object a/b". */
export function translateS3Error(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new AppError(codeOfS3Error(error), `${doing}: ${message}`, { cause: error });
}

function codeOfS3Error(error: unknown): ErrorCode {
  // the client verifies the checksum that the server sends with the bytes
  if (error instanceof Error && error.message.startsWith('Checksum mismatch')) return 'storage.corrupt';
  if (!(error instanceof S3ServiceException)) return 'storage.unavailable';
  if (error.name === 'NoSuchBucket') return 'storage.refused';
  if (KEY_ERRORS.includes(error.name)) return 'storage.key_invalid';
  const status = error.$metadata.httpStatusCode ?? 0;
  switch (status) {
    case 404:
      return 'storage.not_found';
    case 412:
      return 'storage.exists';
    case 416:
      return 'artifact.range_invalid';
    case 507:
      return 'storage.full';
    case 408:
    case 409:
    case 429:
      return 'storage.unavailable';
    default:
      return status >= 400 && status < 500 ? 'storage.refused' : 'storage.unavailable';
  }
}
