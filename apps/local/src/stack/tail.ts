import { readFileSync } from 'node:fs';

const LINES = 15;

/** The last lines of a log, for an error message. */
export function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES).join('\n');
  } catch {
    return '(there is no log)';
  }
}
