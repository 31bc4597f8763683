import { type Job, jobSchema, type Model, type Problem } from '@singan/contracts';
import { jobInputs } from '@singan/database';
import { expect } from 'vitest';
import { type Answer, makeModel, TINY_CONFIG } from './requests.ts';
import type { TestApi } from './start-api.ts';
import { finishTraining } from './work.ts';

/** Configuration of a model whose stages were trained together. */
export const GROWING = { scheme: 'concurrent', baseChannels: 8, maxChannels: 8 } as const;

/** A trained model of three scales, whose working image is 40x30. */
export async function readyModel(api: TestApi, config: object = {}, image?: Buffer): Promise<Model> {
  const picture = image === undefined ? {} : { image };
  const { model, job } = await makeModel(api, { config: { ...TINY_CONFIG, ...config }, ...picture });
  await finishTraining(api, job.id);
  return model;
}

/** The job of an accepted request. */
export function acceptedJob({ status, headers, body }: Answer<{ job: Job }>): Job {
  expect([status, Reflect.get(body, 'detail')]).toEqual([202, undefined]);
  expect(headers.get('location')).toBe(body.job.links.self);
  return jobSchema.parse(body.job);
}

/** The pictures of a job as its worker finds them: kind to bytes. */
export async function storedInputs(api: TestApi, job: Job): Promise<Record<string, Buffer>> {
  const { database, store } = api.dependencies;
  const stored: Record<string, Buffer> = {};
  for (const { kind, key } of await jobInputs(database, job.id)) {
    expect(key).toMatch(new RegExp(`^models/${job.modelId}/jobs/${job.id}/inputs/`));
    stored[kind] = await store.get(key);
  }
  expect(Object.keys(stored).sort()).toEqual(job.inputs.map(({ kind }) => kind).sort());
  return stored;
}

interface Refusal {
  readonly status?: number;
  readonly code: string;
  readonly sentence: RegExp;
}

/** Sends a request that must be refused, and looks whether anything is left of it. */
export async function expectRefusal(
  api: TestApi,
  request: () => Promise<Answer<Problem>>,
  { status = 422, code, sentence }: Refusal,
): Promise<Problem> {
  const before = await api.traces();
  const answer = await request();
  expect([answer.status, answer.body.code], answer.body.detail).toEqual([status, code]);
  expect(answer.body.detail).toMatch(sentence);
  expect(await api.traces()).toEqual(before);
  return answer.body;
}
