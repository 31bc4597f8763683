import { randomUUID } from 'node:crypto';
import type { EvaluationScores, TrainingConfig, WebhookRequest } from '@singan/contracts';
import { createIdFactory, systemClock } from '@singan/domain';
import pg from 'pg';
import { applyMigrations } from '../apply-migrations.ts';
import { type Claim, claimJob } from '../claim-job.ts';
import { type CreatedModel, createModel, type NewModel } from '../create-model.ts';
import { createDatabase, type Database } from '../database.ts';
import type { NewScale } from '../record-scale.ts';
import type { JobRecord, NewArtifact } from '../records.ts';

export const newId = createIdFactory(systemClock);
export const WORKER_ID = newId('wrk');
const SHA256 = 'a'.repeat(64);
export const SAMPLE_INPUT = { count: 1, startScale: 0, startScales: [0], format: 'png', seed: 7 };

/** What the scores of these tests are made with. */
const METRICS = { version: 3, weights: 'test', inputRange: [0, 1] as [number, number] };

const CONFIG: TrainingConfig = {
  preset: 'quick',
  purpose: 'general',
  scheme: 'sequential',
  maxSize: 40,
  minSize: 16,
  pyramid: { rule: 'paper' },
  iterations: 6,
  finestIterations: 6,
  discriminatorSteps: 1,
  generatorSteps: 1,
  baseChannels: 4,
  maxChannels: 4,
  learningRate: 0.0005,
  normalization: 'batch',
  activation: 'leakyRelu',
  padding: 'zero',
  loss: 'wgan-gp',
  reconstructionNoise: 'fixed',
  reconstructionWeight: 10,
  gradientPenaltyWeight: 0.1,
  noiseAmplitudeFactor: 0.1,
  seed: 1,
};

/** A migrated database with the package's connection to it and a plain one to look behind its back. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
  readonly sql: pg.Client;
  close(): Promise<void>;
}

/** @param url of an empty database */
export async function openTestDatabase(url: string): Promise<TestDatabase> {
  await applyMigrations({ url });
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  const db = createDatabase({ url });
  return {
    url,
    db,
    sql,
    close: async () => {
      await db.close();
      await sql.end();
    },
  };
}

export function newModel(changes: Partial<NewModel> = {}): NewModel {
  const modelId = changes.modelId ?? newId('mdl');
  return {
    modelId,
    jobId: newId('job'),
    name: 'balloons',
    metadata: { album: 'summer' },
    config: CONFIG,
    source: {
      width: 40,
      height: 30,
      format: 'png',
      channels: 3,
      bitDepth: 8,
      colourSpace: 'srgb',
      orientation: 1,
      alpha: null,
    },
    working: { width: 40, height: 30 },
    gray: false,
    pyramid: {
      scaleFactor: 1.33,
      levels: [
        { width: 21, height: 16, channels: 4, iterations: 6 },
        { width: 40, height: 30, channels: 4, iterations: 6 },
      ],
    },
    estimate: { memoryBytes: 1e6, gigaFlops: 1, seconds: 2 },
    webhook: null,
    sourceArtifact: newArtifact(modelId, { kind: 'source' }),
    ...changes,
  };
}

export function newArtifact(modelId: string, changes: Partial<NewArtifact> = {}): NewArtifact {
  return {
    id: newId('art'),
    kind: 'sample',
    key: `models/${modelId}/${randomUUID()}.png`,
    contentType: 'image/png',
    sizeBytes: 1234,
    sha256: SHA256,
    width: 40,
    height: 30,
    ...changes,
  };
}

export function newScale(modelId: string, index: number): NewScale {
  const losses = { discriminatorReal: 1, discriminatorFake: 2, gradientPenalty: 3, generatorAdversarial: 4 };
  return {
    index,
    width: 21,
    height: 16,
    channels: 4,
    noiseAmplitude: 0.5,
    iterations: 6,
    seconds: 1.5,
    losses: [{ iteration: 1, ...losses, reconstruction: 5 }],
    sifid: {
      ...METRICS,
      reconstruction: { conv2d_2b: 0.125, conv2d_4a: null },
      sample: { conv2d_2b: 1.5, conv2d_4a: null },
    },
    file: { key: `models/${modelId}/${randomUUID()}.safetensors`, sha256: SHA256, sizeBytes: 99 },
    artifacts: [
      newArtifact(modelId, { kind: 'reconstruction', scale: index }),
      newArtifact(modelId, { kind: 'scale-sample', scale: index }),
    ],
  };
}

/** Scores of two samples; what is to be missing is given as null. */
export function newScores(changes: Partial<EvaluationScores> = {}): EvaluationScores {
  const spread = { mean: 1.5, median: 1.5, std: 0.5, values: [1, 2] };
  return {
    ...METRICS,
    sifid: { conv2d_2b: spread, conv2d_4a: spread },
    diversity: 0.25,
    copyScore: { mean: 0.25, median: 0.25, std: 0.25, values: [0, 0.5] },
    samples: 2,
    ...changes,
  };
}

export function newCheckpoint(modelId: string, at: { scale: number; iteration: number }) {
  return { ...at, key: `models/${modelId}/${randomUUID()}.checkpoint`, sha256: SHA256, sizeBytes: 10 };
}

export const webhookFor = (...events: WebhookRequest['events']): WebhookRequest => ({
  url: 'https://example.com/hook',
  events,
});

export async function mustClaim(db: Database, jobId: string): Promise<Claim> {
  const claim = await claimJob(db, { jobId, workerId: WORKER_ID, leaseMs: 60_000 });
  if (claim === null) throw new Error(`job ${jobId} could not be claimed`);
  return claim;
}

export async function createClaimed(
  db: Database,
  changes: Partial<NewModel> = {},
): Promise<CreatedModel & { claim: Claim }> {
  const created = await createModel(db, newModel(changes));
  return { ...created, claim: await mustClaim(db, created.job.id) };
}

/** Puts the end of a lease an hour back, as if that time had passed. */
export async function backDateLease(sql: pg.Client, job: Pick<JobRecord, 'id'>): Promise<void> {
  await sql.query(`UPDATE jobs SET lease_expires_at = now() - interval '1 hour' WHERE id = $1`, [job.id]);
}
