import type { InputKind, WebhookRequest } from '@singan/contracts';
import { createJob, getJob, type JobRecord, type NewArtifact, type NewJob } from '@singan/database';
import { checkWebhookUrl } from '@singan/webhooks';
import type { ApiDependencies, ApiSettings } from '../dependencies.ts';
import { toJob } from '../present/present-job.ts';
import { acceptedAnswer, type CreateAnswer } from './answer-once.ts';

/** A checked picture that goes with a job. */
export interface JobPicture {
  readonly kind: InputKind;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

interface AcceptJobOptions {
  readonly dependencies: ApiDependencies;
  readonly kind: NewJob['kind'];
  readonly modelId: string;
  readonly input: object;
  /** At most one of a kind; none by default. */
  readonly pictures?: readonly JobPicture[];
  readonly webhook: WebhookRequest | undefined;
  readonly idempotencyKey: string | null;
}

/** Stores the pictures of a job that was checked, and writes the job in one transaction. When that fails, nothing of it stays. */
export async function acceptJob(o: AcceptJobOptions): Promise<CreateAnswer> {
  const { kind, modelId, input, pictures = [], webhook, idempotencyKey: key } = o;
  const jobId = o.dependencies.ids('job');
  const prefix = `models/${modelId}/jobs/${jobId}/inputs/`;
  const keyed = pictures.map((picture) => ({ picture, key: `${prefix}${picture.kind.replace('input-', '')}.png` }));
  try {
    const inputs: NewArtifact[] = [];
    for (const entry of keyed) inputs.push(await storePicture(o.dependencies, entry));
    const job = await createJob(o.dependencies.database, {
      jobId,
      kind,
      modelId,
      input,
      inputs,
      webhook: webhook ?? null,
      ...(key === null ? {} : { idempotency: { key, respond: answerFor } }),
    });
    return answerFor(job);
  } catch (error) {
    const keys = keyed.map((entry) => entry.key);
    await discardPictures(o.dependencies, jobId, keys);
    throw error;
  }
}

/** @throws AppError `webhook.address_refused` */
export function requireAllowedWebhook(webhook: WebhookRequest | undefined, settings: ApiSettings): void {
  if (webhook !== undefined) checkWebhookUrl(webhook.url, { allowPrivate: settings.isPrivateWebhookAllowed });
}

function answerFor(job: JobRecord): CreateAnswer {
  return acceptedAnswer({ job: toJob(job) });
}

async function storePicture(
  { store, ids }: ApiDependencies,
  { picture, key }: { picture: JobPicture; key: string },
): Promise<NewArtifact> {
  const { kind, png, width, height } = picture;
  const stored = await store.put(key, png, { contentType: 'image/png' });
  return { id: ids('art'), kind, key, contentType: 'image/png', width, height, ...stored };
}

/** The error may hide a commit whose answer was lost: pictures that a job has stay. Left behind by mistake they do no harm. */
async function discardPictures(dependencies: ApiDependencies, jobId: string, keys: readonly string[]): Promise<void> {
  const { database, store, logger } = dependencies;
  if (keys.length === 0) return;
  try {
    if ((await getJob(database, jobId)) === null) await store.delete(keys);
  } catch (error) {
    logger.error({ err: error, jobId }, 'pictures left behind');
  }
}
