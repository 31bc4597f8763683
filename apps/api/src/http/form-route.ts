import { z } from 'zod';
import { zodValidator } from './validate.ts';

/** For routes that take a form: its schema is for the document, the parts are checked once they have streamed in. */
export function formValidatorCompiler({ httpPart, schema }: { httpPart?: string; schema: unknown }) {
  return httpPart === 'body' ? () => true : zodValidator(schema as z.ZodType);
}

/** A file part in the schema of a form. */
export function filePart(description: string) {
  return z.string().meta({ format: 'binary', description });
}
