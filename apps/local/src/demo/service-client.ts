import { setTimeout } from 'node:timers/promises';
import {
  type Job,
  type JobEvent,
  jobEventSchema,
  jobSchema,
  type Model,
  modelSchema,
  queueStatusSchema,
} from '@singan/contracts';
import { AppError } from '@singan/domain';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { SentPicture } from './demo-task.ts';

const createdModelSchema = z.object({ model: modelSchema, job: jobSchema });
const createdJobSchema = z.object({ job: jobSchema });
const ENGINE_POLL_MS = 200;
const ENGINE_POLLS = 100;
const problemSchema = z.object({ title: z.string(), detail: z.string() });

/** The part of the HTTP API that the demo uses. */
export class ServiceClient {
  readonly #url: string;
  readonly #signal: AbortSignal;

  /** @param signal ends every call */
  constructor(url: string, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  async createModel(o: { image: Uint8Array; name: string; config: object }): Promise<{ model: Model; job: Job }> {
    const form = new FormData();
    form.set('name', o.name);
    form.set('config', JSON.stringify(o.config));
    form.set('image', new Blob([new Uint8Array(o.image)]), 'picture');
    const response = await this.#call('/models', { method: 'POST', body: form });
    return createdModelSchema.parse(await response.json());
  }

  /** Asks a model for something: as a form when pictures go with it, else as JSON. */
  async createJob(path: string, o: { request: object; pictures: readonly SentPicture[] }): Promise<Job> {
    const body = o.pictures.length === 0 ? JSON.stringify(o.request) : formOf(o);
    const headers: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
    const response = await this.#call(path, { method: 'POST', headers, body });
    return createdJobSchema.parse(await response.json()).job;
  }

  /** Engine and instruction set of the first worker that has started one; null when none does in a while. */
  async engine(): Promise<string | null> {
    for (let polls = 0; polls < ENGINE_POLLS; polls += 1) {
      const { workers } = queueStatusSchema.parse(await (await this.#call('/queues')).json());
      const engine = workers.map((worker) => worker.engine).find((name) => name !== null);
      if (engine) return engine;
      await setTimeout(ENGINE_POLL_MS, undefined, { signal: this.#signal });
    }
    return null;
  }

  async model(id: string): Promise<Model> {
    return modelSchema.parse(await (await this.#call(`/models/${id}`)).json());
  }

  async job(id: string): Promise<Job> {
    return jobSchema.parse(await (await this.#call(`/jobs/${id}`)).json());
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.#call(path)).arrayBuffer());
  }

  /** Follows a job to its end; a stream that breaks off is taken up where it was. */
  async follow(job: Job, onEvent: (event: JobEvent) => void): Promise<Job> {
    let lastId: string | undefined;
    for (;;) {
      const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
      const response = await this.#call(job.links.events, { headers });
      for await (const { id, event } of readEvents(response)) {
        lastId = id ?? lastId;
        onEvent(event);
        if (event.type === 'done') return this.job(job.id);
      }
    }
  }

  async #call(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(path, this.#url), { ...init, signal: this.#signal });
    if (response.ok) return response;
    const problem = problemSchema.safeParse(await response.json().catch(() => null));
    const why = problem.success ? `${problem.data.title}: ${problem.data.detail}` : response.statusText;
    throw new AppError('internal', `${init.method ?? 'GET'} ${path} was answered with ${response.status}. ${why}`);
  }
}

function formOf({ request, pictures }: { request: object; pictures: readonly SentPicture[] }): FormData {
  const form = new FormData();
  // Fields first: the service reads them before the files.
  for (const [name, value] of Object.entries(request)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const { part, bytes } of pictures) form.set(part, new Blob([new Uint8Array(bytes)]), part);
  return form;
}

async function* readEvents(response: Response): AsyncGenerator<{ id: string | undefined; event: JobEvent }> {
  const received: { id: string | undefined; event: JobEvent }[] = [];
  const parser = createParser({
    onEvent: ({ id, event: type, data }) => {
      received.push({ id, event: jobEventSchema.parse({ type, ...JSON.parse(data) }) });
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* received.splice(0);
  }
}
