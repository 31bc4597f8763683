import { createHash } from 'node:crypto';
import type { Job, Model, Output } from '@singan/contracts';
import { expect } from 'vitest';
import { followJob } from './job-stream.ts';

/** A file part of a form, by its name. */
export type FormFiles = Readonly<Record<string, Buffer>>;

/** A form with JSON values and files, as a browser or curl sends it. */
export function formOf(fields: Readonly<Record<string, unknown>>, files: FormFiles): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [name, bytes] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(bytes)]), `${name}.png`);
  return form;
}

/** The calls of a client of a running service. */
export class ServiceCalls {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Trains to the end. */
  async train(picture: Buffer, config: object): Promise<Model> {
    const body = formOf({ config }, { image: picture });
    const response = await fetch(`${this.#url}/models`, { method: 'POST', body });
    expect(response.status).toBe(202);
    const { model, job } = (await response.json()) as { model: Model; job: Job };
    const events = await followJob(this.#url + job.links.events);
    expect(events.at(-1)).toMatchObject({ type: 'done', data: { state: 'succeeded' } });
    return model;
  }

  async read<T>(path: string): Promise<T> {
    const response = await fetch(this.#url + path);
    expect(response.status).toBe(200);
    return (await response.json()) as T;
  }

  /** Posts JSON or a form; the answer comes at once or when the job has ended, at most in a minute. */
  post(path: string, body: object | FormData): Promise<Response> {
    const isForm = body instanceof FormData;
    const headers: Record<string, string> = { prefer: 'wait=60' };
    if (!isForm) headers['content-type'] = 'application/json';
    return fetch(this.#url + path, { method: 'POST', headers, body: isForm ? body : JSON.stringify(body) });
  }

  /** The finished job of a request that succeeds, however long it takes. */
  async run(path: string, body: object | FormData): Promise<Job> {
    const response = await this.post(path, body);
    expect([200, 202]).toContain(response.status);
    const { job } = (await response.json()) as { job: Job };
    await followJob(this.#url + job.links.events);
    const ended = await this.read<Job>(job.links.self);
    expect(ended).toMatchObject({ state: 'succeeded', error: null });
    return ended;
  }

  async download({ links }: Pick<Output, 'links'>): Promise<Buffer> {
    const response = await fetch(this.#url + links.content);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Kind, start scale and SHA-256 of every output. */
  fingerprints(job: Job): Promise<unknown[]> {
    return Promise.all(
      job.outputs.map(async (output) => {
        const sha256 = createHash('sha256').update(await this.download(output));
        return [output.kind, output.startScale, sha256.digest('hex')];
      }),
    );
  }
}
