import { open } from 'node:fs/promises';
import { AppError } from '@singan/domain';
import type { CanonicalizeAnswer, CanonicalizeTask, DecodeRefusal, InspectAnswer } from './decode-protocol.ts';
import type { CanonicalImage, ImageFacts, UploadLimits } from './image-facts.ts';
import { SNIFF_BYTES, sniffFormat, UPLOAD_FORMATS, type UploadFormat } from './image-format.ts';
import { DEFAULT_DECODE_BUDGET, type DecodeBudget, runDecodeChild } from './run-decode-child.ts';

/**
 * Facts of an uploaded file from its first bytes and its header; no pixel is decoded.
 *
 * @param path a file on this machine, not yet trusted
 * @throws AppError `image.empty`, `request.too_large`, `image.unsupported_format`, `image.corrupt` or `image.too_many_pixels`
 */
export async function inspectUpload(
  path: string,
  limits: UploadLimits,
  budget: DecodeBudget = DEFAULT_DECODE_BUDGET,
): Promise<ImageFacts> {
  const format = await sniffFile(path, limits);
  const answer = (await runDecodeChild({ task: 'inspect', path, format, limits }, budget)) as InspectAnswer;
  if (!answer.ok) throw asError(answer);
  return answer.facts;
}

/**
 * Decodes an uploaded file in a child process with limits and returns it as a plain PNG: upright, sRGB, 8 bit RGB, alpha over white,
 * first frame only, without metadata. A gray picture stays gray in three equal channels and is flagged.
 *
 * @param path a file on this machine, not yet trusted
 * @throws AppError as `inspectUpload`
 */
export function canonicalize(
  path: string,
  limits: UploadLimits,
  budget: DecodeBudget = DEFAULT_DECODE_BUDGET,
): Promise<CanonicalImage> {
  return rewriteUpload(path, { task: 'canonicalize', limits, budget });
}

/**
 * As `canonicalize`, with the same checks, but alpha is kept: the PNG has four channels, not premultiplied, opaque where the file
 * has no alpha. For masks (`decodeMask`) and for objects to be laid on a picture (`composeObject`).
 *
 * @param path a file on this machine, not yet trusted
 * @throws AppError as `inspectUpload`
 */
export function canonicalizeWithAlpha(
  path: string,
  limits: UploadLimits,
  budget: DecodeBudget = DEFAULT_DECODE_BUDGET,
): Promise<CanonicalImage> {
  return rewriteUpload(path, { task: 'canonicalize-alpha', limits, budget });
}

interface RewriteOptions {
  readonly task: CanonicalizeTask;
  readonly limits: UploadLimits;
  readonly budget: DecodeBudget;
}

async function rewriteUpload(path: string, { task, limits, budget }: RewriteOptions): Promise<CanonicalImage> {
  const format = await sniffFile(path, limits);
  const answer = (await runDecodeChild({ task, path, format, limits }, budget)) as CanonicalizeAnswer;
  if (!answer.ok) throw asError(answer);
  // What crosses the process boundary may come as a plain Uint8Array; this is a view, not a copy.
  const { buffer, byteOffset, byteLength } = answer.image.png;
  return { ...answer.image, png: Buffer.from(buffer, byteOffset, byteLength) };
}

async function sniffFile(path: string, limits: UploadLimits): Promise<UploadFormat> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) throw new AppError('image.empty', 'The file has 0 bytes; a picture was expected.');
    if (size > limits.maxBytes) {
      throw new AppError(
        'request.too_large',
        `A picture may have at most ${limits.maxBytes} bytes, this one has ${size}.`,
      );
    }
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return requireFormat(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function requireFormat(head: Uint8Array): UploadFormat {
  const format = sniffFormat(head);
  if (format !== null) return format;
  const allowed = UPLOAD_FORMATS.map((name) => name.toUpperCase()).join(', ');
  const begin = Buffer.from(head.subarray(0, 8)).toString('hex');
  throw new AppError(
    'image.unsupported_format',
    `The file must be one of ${allowed}. Its content decides, not its name: it begins with the bytes ${begin}, which is none of them.`,
  );
}

function asError({ code, detail, cause }: DecodeRefusal): AppError {
  return new AppError(code, detail, { context: { decoder: cause } });
}
