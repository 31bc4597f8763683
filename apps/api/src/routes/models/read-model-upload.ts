import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { createModelSchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { FastifyRequest } from 'fastify';

const JSON_PARTS = ['config', 'metadata', 'webhook'];
const PARTS = Object.keys(createModelSchema.shape);
const MAX_FIELD_BYTES = 64 * 1024;

/** `throwFileSizeLimit` is honoured by each call, but missing from its type. */
type PartsOptions = Parameters<FastifyRequest['parts']>[0];

export interface ModelUpload {
  /** The fields as they were sent, JSON parsed, not yet checked. */
  readonly fields: Record<string, unknown>;
  /** The picture's bytes in a temporary file. */
  readonly imagePath: string;
  readonly imageSha256: string;
}

interface UploadLimits {
  readonly directory: string;
  readonly maxBytes: number;
}

/** Reads the multipart body of `POST /models`, the picture into a temporary file that exists only while `use` runs. */
export async function withModelUpload<T>(
  request: FastifyRequest,
  limits: UploadLimits,
  use: (upload: ModelUpload) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart()) {
    throw new AppError(
      'request.unsupported_media_type',
      'Send multipart/form-data with the picture as the file part "image".',
    );
  }
  const directory = await mkdtemp(join(limits.directory, 'upload-'));
  try {
    return await use(await readParts(request, join(directory, 'image'), limits.maxBytes));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readParts(request: FastifyRequest, imagePath: string, maxBytes: number): Promise<ModelUpload> {
  const fields: Record<string, unknown> = {};
  let imageSha256: string | null = null;
  const limits = { fileSize: maxBytes, files: 2, fields: PARTS.length + 1, fieldSize: MAX_FIELD_BYTES };
  try {
    for await (const part of request.parts({ limits, throwFileSizeLimit: false } as PartsOptions)) {
      if (part.type === 'field') {
        readField(part, fields);
        continue;
      }
      requireImagePart(part, imageSha256 !== null);
      imageSha256 = await saveImage(part, imagePath, maxBytes);
    }
  } catch (error) {
    throw asCallerFault(error);
  }
  if (imageSha256 !== null) return { fields, imagePath, imageSha256 };
  throw new AppError(
    'image.missing',
    'Expected the picture as the file part "image"; with curl: -F image=@picture.jpg',
  );
}

/** What the parser says of a malformed body is the caller's doing; a fault of our own disk is not. */
function asCallerFault(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error) || 'syscall' in error) return error;
  return new AppError('request.invalid', `The multipart body cannot be read: ${error.message}.`, { cause: error });
}

function requireImagePart(part: MultipartFile, isSecond: boolean): void {
  const { fieldname } = part;
  if (PARTS.includes(fieldname)) {
    throw fieldError(
      fieldname,
      `The part ${fieldname} must be a plain field, not a file; with curl: -F '${fieldname}=<file.json'`,
    );
  }
  if (fieldname !== 'image') throw unknownPart(fieldname);
  if (isSecond)
    throw new AppError(
      'image.duplicate',
      'Expected one file part "image", got a second one: a model is trained on one picture.',
    );
}

function readField(part: MultipartValue, fields: Record<string, unknown>): void {
  const { fieldname, value } = part;
  if (fieldname === 'image') {
    throw new AppError(
      'image.missing',
      'The part "image" must be a file, got a plain field; with curl: -F image=@picture.jpg',
    );
  }
  if (!PARTS.includes(fieldname)) throw unknownPart(fieldname);
  if (part.valueTruncated) throw fieldError(fieldname, `${fieldname} may have at most ${MAX_FIELD_BYTES} bytes.`);
  if (fieldname in fields) throw fieldError(fieldname, `${fieldname} was sent twice.`);
  fields[fieldname] = JSON_PARTS.includes(fieldname) && typeof value === 'string' ? parseJson(fieldname, value) : value;
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fieldError(name, `${name} must be JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}`);
  }
}

async function saveImage(part: MultipartFile, path: string, maxBytes: number): Promise<string> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(part.file, hashing, createWriteStream(path, { flags: 'wx' }));
  if (part.file.truncated) {
    throw new AppError(
      'request.too_large',
      `The picture may have at most ${maxBytes} bytes; shrink it or save it as JPEG.`,
    );
  }
  return hash.digest('hex');
}

function unknownPart(name: string): AppError {
  return fieldError(name, `Unknown part ${JSON.stringify(name)}; allowed: image, ${PARTS.join(', ')}.`);
}

function fieldError(name: string, detail: string): AppError {
  return new AppError('request.field_invalid', detail, { errors: [{ pointer: `/${name}`, detail }] });
}
