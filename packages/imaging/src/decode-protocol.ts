import type { ErrorCode } from '@singan/domain';
import type { CanonicalImage, ImageFacts, UploadLimits } from './image-facts.ts';
import type { UploadFormat } from './image-format.ts';

/** Exit code of a child that gave up at its memory limit, and so sends no answer. */
export const EXIT_MEMORY = 64;

/** `canonicalize` lays alpha over white, `canonicalize-alpha` keeps it as a fourth channel. */
export type CanonicalizeTask = 'canonicalize' | 'canonicalize-alpha';

/** What the decoding child is asked for; it answers one request and ends. */
export interface DecodeRequest {
  readonly task: 'inspect' | CanonicalizeTask;
  readonly path: string;
  readonly format: UploadFormat;
  readonly limits: UploadLimits;
  /** Resident memory at which the child gives up. */
  readonly memoryLimitBytes: number;
}

/** A refusal as data: errors do not survive a process boundary. `cause` is the decoder's own text, for the log. */
export interface DecodeRefusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly cause?: string;
}

export type InspectAnswer = { readonly ok: true; readonly facts: ImageFacts } | DecodeRefusal;
export type CanonicalizeAnswer = { readonly ok: true; readonly image: CanonicalImage } | DecodeRefusal;
export type DecodeAnswer = InspectAnswer | CanonicalizeAnswer;
