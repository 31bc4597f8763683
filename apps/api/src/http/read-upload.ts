import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { AppError } from '@singan/domain';
import type { FastifyRequest } from 'fastify';
import { requireModestJson } from './json-limits.ts';
import { saveFile } from './save-file.ts';

const MAX_FIELD_BYTES = 64 * 1024;

/** `throwFileSizeLimit` is honoured by each call, but missing from its type. */
type PartsOptions = Parameters<FastifyRequest['parts']>[0];

/** How a plain field is read: as it is, as JSON, or as a value, which is JSON where it can be (a number) and else text. */
type FieldReading = 'text' | 'json' | 'value';

/** The parts that a form may have. Which of them it must have is for whoever uses it. */
export interface UploadForm<F extends string> {
  readonly files: readonly F[];
  readonly fields: Readonly<Record<string, FieldReading>>;
}

export interface UploadedFile {
  /** A temporary file that exists only while the upload is used. */
  readonly path: string;
  readonly sha256: string;
}

export interface Upload<F extends string> {
  /** The fields as they were sent, JSON parsed, not yet checked. */
  readonly fields: Record<string, unknown>;
  readonly files: Partial<Record<F, UploadedFile>>;
}

interface UploadOptions<F extends string> {
  readonly form: UploadForm<F>;
  /** Existing folder for the temporary files. */
  readonly directory: string;
  /** Of each file. */
  readonly maxBytes: number;
}

/** Reads a multipart body, its files into temporary ones that exist only while `use` runs. */
export async function withUpload<F extends string, T>(
  request: FastifyRequest,
  o: UploadOptions<F>,
  use: (upload: Upload<F>) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart()) {
    throw new AppError(
      'request.unsupported_media_type',
      `Send multipart/form-data; its parts are ${partNames(o.form)}, the picture as the file part "${o.form.files[0]}".`,
    );
  }
  const directory = await mkdtemp(join(o.directory, 'upload-'));
  try {
    return await use(await readParts(request, { ...o, directory }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a form says, for telling whether two are the same. */
export function contentOf({ fields, files }: Upload<string>): unknown {
  const hashes = Object.entries(files).map(([name, file]) => [name, file?.sha256]);
  return [fields, Object.fromEntries(hashes)];
}

export function missingFile(name: string, detail: string): AppError {
  return new AppError(name === 'mask' ? 'mask.missing' : 'image.missing', detail);
}

async function readParts<F extends string>(request: FastifyRequest, o: UploadOptions<F>): Promise<Upload<F>> {
  const { form, directory, maxBytes } = o;
  const fields: Record<string, unknown> = {};
  const files: Partial<Record<F, UploadedFile>> = {};
  const limits = {
    fileSize: maxBytes,
    files: form.files.length + 1,
    fields: Object.keys(form.fields).length + 1,
    fieldSize: MAX_FIELD_BYTES,
  };
  try {
    for await (const part of request.parts({ limits, throwFileSizeLimit: false } as PartsOptions)) {
      if (part.type === 'field') {
        readField(part, form, fields);
        continue;
      }
      const name = requireFilePart(part, form);
      if (files[name] !== undefined) throw duplicate(name);
      files[name] = await saveFile(part, { path: join(directory, name), maxBytes });
    }
  } catch (error) {
    throw asCallerFault(error);
  }
  requireModestJson(fields);
  return { fields, files };
}

/** What the parser says of a malformed body is the caller's doing; a fault of our own disk is not. */
function asCallerFault(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error) || 'syscall' in error) return error;
  return new AppError('request.invalid', `The multipart body cannot be read: ${error.message}.`, { cause: error });
}

function requireFilePart<F extends string>({ fieldname }: MultipartFile, form: UploadForm<F>): F {
  const name = form.files.find((file) => file === fieldname);
  if (name !== undefined) return name;
  if (!Object.hasOwn(form.fields, fieldname)) throw unknownPart(fieldname, form);
  throw fieldError(
    fieldname,
    `The part ${fieldname} must be a plain field, not a file; with curl: -F '${fieldname}=<file.json'`,
  );
}

function readField(part: MultipartValue, form: UploadForm<string>, fields: Record<string, unknown>): void {
  const { fieldname, value } = part;
  if (form.files.includes(fieldname)) {
    const advice = `The part "${fieldname}" must be a file, got a plain field; with curl: -F ${fieldname}=@picture.png`;
    throw missingFile(fieldname, advice);
  }
  const reading = Object.hasOwn(form.fields, fieldname) ? form.fields[fieldname] : undefined;
  if (reading === undefined) throw unknownPart(fieldname, form);
  if (part.valueTruncated) throw fieldError(fieldname, `${fieldname} may have at most ${MAX_FIELD_BYTES} bytes.`);
  if (Object.hasOwn(fields, fieldname)) throw fieldError(fieldname, `${fieldname} was sent twice.`);
  fields[fieldname] = typeof value === 'string' ? readText(fieldname, value, reading) : value;
}

function readText(name: string, text: string, reading: FieldReading): unknown {
  if (reading === 'text') return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (reading === 'value') return text;
    throw fieldError(name, `${name} must be JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}`);
  }
}

function duplicate(name: string): AppError {
  return new AppError('image.duplicate', `Expected one file part "${name}", got a second one.`);
}

function unknownPart(name: string, form: UploadForm<string>): AppError {
  return fieldError(name, `Unknown part ${JSON.stringify(name)}; allowed: ${partNames(form)}.`);
}

function partNames({ files, fields }: UploadForm<string>): string {
  return [...files, ...Object.keys(fields)].join(', ');
}

function fieldError(name: string, detail: string): AppError {
  return new AppError('request.field_invalid', detail, { errors: [{ pointer: `/${name}`, detail }] });
}
