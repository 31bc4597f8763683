import type { Job, Model } from '@singan/contracts';
import { hillsPicture } from '@singan/testkit';
import type { TestApi } from './start-api.ts';

/** A training of seconds, so that its plan is small too. */
export const TINY_CONFIG = { minSize: 16, maxSize: 40, iterations: 4, baseChannels: 4, maxChannels: 4 };

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export function tinyPicture(): Promise<Buffer> {
  return hillsPicture({ width: 40, height: 30, seed: 1 });
}

/** A multipart form: strings are plain fields, bytes are files, other values JSON. */
export function formOf(parts: Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (value instanceof Uint8Array) form.append(name, new Blob([new Uint8Array(value)]), `${name}.png`);
    else form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return form;
}

export async function send<T>(api: TestApi, path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const response = await fetch(api.url + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T };
}

export function postJson<T>(
  api: TestApi,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
  return send<T>(api, path, init);
}

export function postForm<T>(
  api: TestApi,
  path: string,
  parts: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  return send<T>(api, path, { method: 'POST', body: formOf(parts), headers });
}

export function postModel<T = { model: Model; job: Job }>(
  api: TestApi,
  parts: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  return postForm<T>(api, '/models', parts, headers);
}

/** A model as a caller makes it. */
export async function makeModel(
  api: TestApi,
  parts: Record<string, unknown> = {},
): Promise<{ model: Model; job: Job }> {
  const answer = await postModel(api, { image: await tinyPicture(), config: TINY_CONFIG, ...parts });
  if (answer.status !== 202) throw new Error(`expected 202, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
