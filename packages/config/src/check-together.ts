import { type Environment, type Fault, shownText } from './read-variables.ts';
import type { VariableName, VariableValues } from './variables.ts';

const NEEDED_BY_S3 = [
  'S3_BUCKET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const satisfies readonly VariableName[];

/** Faults that only show when variables are looked at together; variables that are faulty by themselves are left alone. */
export function checkTogether(values: Partial<VariableValues>, env: Environment): Fault[] {
  return [...missingForS3(values), ...openWithoutAuthentication(values, env)];
}

function missingForS3(values: Partial<VariableValues>): Fault[] {
  if (values.STORAGE !== 's3') return [];
  return NEEDED_BY_S3.filter((name) => values[name] === null).map((name) => ({
    name,
    expected: 'a value, because STORAGE is s3',
    got: 'nothing',
  }));
}

function openWithoutAuthentication(values: Partial<VariableValues>, env: Environment): Fault[] {
  if (values.AUTH !== 'none' || values.HOST === undefined || isLoopback(values.HOST)) return [];
  const expected =
    'a loopback address (127.0.0.1, ::1 or localhost), because AUTH is none and everybody who reaches the api may use it';
  return [{ name: 'HOST', expected, got: shownText(env, 'HOST') }];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
