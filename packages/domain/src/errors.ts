/** Every error code of the service: its HTTP status, and whether trying the same again can help. */
export const ERROR_CODES = {
  'request.invalid': { httpStatus: 400, retryable: false, title: 'The request is not valid' },
  'request.field_invalid': { httpStatus: 422, retryable: false, title: 'A field of the request is not valid' },
  'request.too_large': { httpStatus: 413, retryable: false, title: 'The request is too large' },
  'request.unsupported_media_type': { httpStatus: 415, retryable: false, title: 'The content type is not supported' },
  'request.rate_limited': { httpStatus: 429, retryable: true, title: 'Too many requests' },
  'route.not_found': { httpStatus: 404, retryable: false, title: 'No such address' },
  'model.not_found': { httpStatus: 404, retryable: false, title: 'No such model' },
  'model.not_ready': { httpStatus: 409, retryable: true, title: 'The model is not trained far enough' },
  'model.wrong_purpose': { httpStatus: 409, retryable: false, title: 'The model was trained for another purpose' },
  'job.not_found': { httpStatus: 404, retryable: false, title: 'No such job' },
  'job.not_retryable': { httpStatus: 409, retryable: false, title: 'The job cannot be retried' },
  'artifact.not_found': { httpStatus: 404, retryable: false, title: 'No such artifact' },
  'artifact.range_invalid': { httpStatus: 416, retryable: false, title: 'The range lies outside the artifact' },
  'image.missing': { httpStatus: 422, retryable: false, title: 'The image is missing' },
  'image.duplicate': { httpStatus: 422, retryable: false, title: 'More than one image was sent' },
  'image.empty': { httpStatus: 422, retryable: false, title: 'The image is empty' },
  'image.unsupported_format': { httpStatus: 415, retryable: false, title: 'The image format is not supported' },
  'image.corrupt': { httpStatus: 422, retryable: false, title: 'The image cannot be decoded' },
  'image.too_many_pixels': { httpStatus: 422, retryable: false, title: 'The image has too many pixels' },
  'image.too_small': { httpStatus: 422, retryable: false, title: 'The image is too small to train on' },
  'image.aspect_ratio': { httpStatus: 422, retryable: false, title: 'The image is too narrow to train on' },
  'mask.missing': { httpStatus: 422, retryable: false, title: 'The mask is missing' },
  'mask.empty': { httpStatus: 422, retryable: false, title: 'The mask marks no pixel' },
  'mask.full': { httpStatus: 422, retryable: false, title: 'The mask marks every pixel' },
  'object.outside': { httpStatus: 422, retryable: false, title: 'The object lies outside the picture' },
  'animation.mp4_unavailable': { httpStatus: 422, retryable: false, title: 'MP4 cannot be written here' },
  'animation.too_large': { httpStatus: 422, retryable: false, title: 'The animation would be too large' },
  'plan.too_much_memory': { httpStatus: 422, retryable: false, title: 'The training would not fit in memory' },
  'plan.invalid': { httpStatus: 422, retryable: false, title: 'The pyramid cannot be built' },
  'sample.start_scale': { httpStatus: 422, retryable: false, title: 'startScale is outside the model' },
  'sample.too_large': { httpStatus: 422, retryable: false, title: 'The sample would be too large' },
  'evaluation.image_too_small': { httpStatus: 422, retryable: false, title: 'The image is too small to be evaluated' },
  'idempotency.key_reused': {
    httpStatus: 422,
    retryable: false,
    title: 'The Idempotency-Key was used with another request',
  },
  'idempotency.in_flight': {
    httpStatus: 409,
    retryable: true,
    title: 'A request with this Idempotency-Key is in flight',
  },
  'webhook.address_refused': { httpStatus: 422, retryable: false, title: 'The webhook address is not allowed' },
  'lease.lost': { httpStatus: 409, retryable: true, title: 'Another worker holds the job' },
  'job.poison': { httpStatus: 500, retryable: false, title: 'The job was started repeatedly without progress' },
  'training.diverged': { httpStatus: 500, retryable: false, title: 'The training diverged' },
  'checkpoint.invalid': { httpStatus: 500, retryable: false, title: 'A checkpoint is damaged' },
  'engine.unavailable': { httpStatus: 500, retryable: false, title: 'The compute engine is not available' },
  'engine.crashed': { httpStatus: 500, retryable: true, title: 'The compute process ended unexpectedly' },
  'storage.not_found': { httpStatus: 500, retryable: false, title: 'An object is missing in the store' },
  'storage.exists': { httpStatus: 409, retryable: false, title: 'The object exists already' },
  'storage.key_invalid': { httpStatus: 500, retryable: false, title: 'The key of an object is not valid' },
  'storage.full': { httpStatus: 503, retryable: true, title: 'The object store is full' },
  'storage.refused': { httpStatus: 500, retryable: false, title: 'The object store refused the request' },
  'storage.corrupt': { httpStatus: 500, retryable: false, title: 'An object of the store does not match its checksum' },
  'storage.unavailable': { httpStatus: 503, retryable: true, title: 'The object store does not answer' },
  'database.unavailable': { httpStatus: 503, retryable: true, title: 'The database does not answer' },
  'queue.unavailable': { httpStatus: 503, retryable: true, title: 'The queue does not answer' },
  'service.overloaded': { httpStatus: 503, retryable: true, title: 'The service is busy' },
  'config.invalid': { httpStatus: 500, retryable: false, title: 'The configuration is not valid' },
  internal: { httpStatus: 500, retryable: true, title: 'Something went wrong in the service' },
} as const satisfies Record<string, { httpStatus: number; retryable: boolean; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One fault in a request: a JSON pointer into it (RFC 6901) and what was expected there. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Facts for the log; never shown to a caller. */
  readonly context?: Record<string, unknown>;
  readonly errors?: readonly FieldError[];
}

/** The one error type of the service. Its message is shown to callers for statuses below 500: say what was expected and what was got. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly context: Record<string, unknown>;
  readonly errors: readonly FieldError[];

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.context = options.context ?? {};
    this.errors = options.errors ?? [];
  }

  get httpStatus(): number {
    return ERROR_CODES[this.code].httpStatus;
  }

  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }

  get title(): string {
    return ERROR_CODES[this.code].title;
  }
}

/** The error itself if it is an AppError, else an `internal` one with it as the cause. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
