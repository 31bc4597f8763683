export { assertNever } from './assert-never.ts';
export { type Clock, systemClock } from './clock.ts';
export { AppError, type AppErrorOptions, ERROR_CODES, type ErrorCode, type FieldError, toAppError } from './errors.ts';
export { createIdFactory, type Id, type IdFactory, type IdPrefix, isId } from './ids.ts';
export { JOB_KINDS, type JobKind, queueOfJob, WORK_QUEUES, type WorkQueue } from './job-kind.ts';
export { canTransitionJob, isTerminalJobState, JOB_STATES, JOB_TRANSITIONS, type JobState } from './job-state.ts';
export { canTransitionModel, MODEL_STATES, MODEL_TRANSITIONS, type ModelState } from './model-state.ts';
export type { RgbImage, Size } from './rgb-image.ts';
