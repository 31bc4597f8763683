import type { PyramidPlan, SourceInfo, TrainingConfig, TrainingEstimate, WebhookRequest } from '@singan/contracts';
import type { Size } from '@singan/domain';
import type { Database, Transaction } from './database.ts';
import { completeWithin, type IdempotencyCompletion } from './idempotency.ts';
import { insertJob, readJob } from './insert-job.ts';
import { toJson } from './json.ts';
import type { JobRecord, ModelRecord, NewArtifact } from './records.ts';
import { MODEL_INCLUDE, toArtifactRow, toModelRecord } from './rows.ts';

export interface CreatedModel {
  readonly model: ModelRecord;
  readonly job: JobRecord;
}

export interface NewModel {
  readonly modelId: string;
  readonly jobId: string;
  readonly name: string | null;
  readonly metadata: Record<string, string>;
  readonly config: TrainingConfig;
  readonly source: SourceInfo;
  readonly working: Size;
  readonly gray: boolean;
  readonly pyramid: PyramidPlan;
  readonly estimate: TrainingEstimate;
  readonly webhook: WebhookRequest | null;
  readonly sourceArtifact: NewArtifact;
  /** Stores the answer to an Idempotency-Key in the same transaction. */
  readonly idempotency?: IdempotencyCompletion<CreatedModel>;
}

/** A queued model with its queued training job (whose input is the config), its source picture, first event and message. */
export async function createModel(db: Database, o: NewModel): Promise<CreatedModel> {
  return db.transaction(async (tx) => {
    await insertModel(tx, o);
    await tx.artifact.create({
      data: toArtifactRow({ artifact: { ...o.sourceArtifact, kind: 'source' }, modelId: o.modelId, jobId: null }),
      select: { id: true },
    });
    const { jobId, modelId, webhook } = o;
    await insertJob(tx, { jobId, modelId, kind: 'train', input: o.config, webhook });
    const row = await tx.model.findUniqueOrThrow({ where: { id: modelId }, include: MODEL_INCLUDE });
    const created = { model: toModelRecord(row), job: await readJob(tx, jobId) };
    if (o.idempotency !== undefined) await completeWithin(tx, o.idempotency, created);
    return created;
  });
}

async function insertModel(tx: Transaction, o: NewModel): Promise<void> {
  await tx.model.create({
    data: {
      id: o.modelId,
      name: o.name,
      metadata: toJson(o.metadata),
      config: toJson(o.config),
      source: toJson(o.source),
      workingWidth: o.working.width,
      workingHeight: o.working.height,
      gray: o.gray,
      pyramid: toJson(o.pyramid),
      estimate: toJson(o.estimate),
      trainingJobId: o.jobId,
    },
    select: { id: true },
  });
}
