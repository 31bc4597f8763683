import { type EvaluationScores, evaluateInputSchema, type ScaleSifid } from '@singan/contracts';
import { type Claim, claimJob, finishJob, type NewArtifact, recordEvaluation, recordScale } from '@singan/database';
import { tinyPicture } from './requests.ts';
import type { TestApi } from './start-api.ts';

const LEASE_MS = 60_000;
/** What a worker found of a scale. */
export const SIFID: ScaleSifid = {
  version: 1,
  weights: 'test',
  inputRange: [0, 1],
  reconstruction: { conv2d_2b: 0.015625, conv2d_4a: null },
  sample: { conv2d_2b: 1.5, conv2d_4a: null },
};
const WORKER = 'wrk_01J00000000000000000000000';

/** Takes a job as a worker does. */
export async function claim(api: TestApi, jobId: string): Promise<Claim> {
  const claimed = await claimJob(api.dependencies.database, { jobId, workerId: WORKER, leaseMs: LEASE_MS });
  if (claimed === null) throw new Error(`${jobId} cannot be claimed`);
  return claimed;
}

/** A picture in the store, as a worker would put it there. */
export async function storePicture(
  api: TestApi,
  held: Claim,
  facts: Pick<NewArtifact, 'kind'> & Partial<NewArtifact>,
): Promise<NewArtifact> {
  const { store, ids } = api.dependencies;
  const id = ids('art');
  const key = `models/${held.model.id}/jobs/${held.job.id}/${held.attempt}/${id}.png`;
  const stored = await store.put(key, await tinyPicture(), { contentType: 'image/png' });
  return { id, key, contentType: 'image/png', width: 40, height: 30, ...stored, ...facts };
}

/** Trains a whole model, as far as the records say. */
export async function finishTraining(api: TestApi, jobId: string): Promise<void> {
  const held = await claim(api, jobId);
  for (let index = held.model.scalesDone; index < held.model.pyramid.levels.length; index += 1) {
    await finishScale(api, held, index);
  }
  await finishJob(api.dependencies.database, held, { state: 'succeeded' });
}

/** Records the next scale as finished, with a preview pair. */
export async function finishScale(api: TestApi, held: Claim, index: number): Promise<void> {
  const { database, store } = api.dependencies;
  const level = held.model.pyramid.levels[index];
  if (level === undefined) throw new Error(`the plan has no scale ${index}`);
  const key = `models/${held.model.id}/jobs/${held.job.id}/${held.attempt}/scale-${index}.safetensors`;
  const file = { key, ...(await store.put(key, Buffer.from(`weights of scale ${index}`))) };
  const artifacts = [
    await storePicture(api, held, { kind: 'reconstruction', scale: index }),
    await storePicture(api, held, { kind: 'scale-sample', scale: index }),
  ];
  await recordScale(database, held, {
    index,
    ...level,
    noiseAmplitude: 0.1,
    seconds: 1.5,
    losses: [],
    sifid: SIFID,
    file,
    artifacts,
  });
}

/** Evaluates, as far as the records say: with the scores that are given. */
export async function finishEvaluation(api: TestApi, jobId: string, scores: EvaluationScores): Promise<void> {
  const { database, ids } = api.dependencies;
  const held = await claim(api, jobId);
  const { startScale, seed } = evaluateInputSchema.parse(held.job.input);
  await recordEvaluation(database, held, { id: ids('evl'), startScale, seed, scores });
  await finishJob(database, held, { state: 'succeeded' });
}
