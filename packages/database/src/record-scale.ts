import type { LossPoint, ScaleSifid } from '@singan/contracts';
import { AppError } from '@singan/domain';
import type { Claim } from './claim-job.ts';
import type { Database, Transaction } from './database.ts';
import { changeHeldJob } from './hold-lease.ts';
import { toJson } from './json.ts';
import { lockModel } from './locks.ts';
import { addArtifacts, appendHeldEvents, deleteCheckpoints, previewOf } from './record-work.ts';
import type { NewArtifact, StoredFile } from './records.ts';

export interface NewScale {
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly noiseAmplitude: number;
  readonly iterations: number;
  readonly seconds: number;
  /** Down-sampled, at most 200 points. */
  readonly losses: readonly LossPoint[];
  readonly sifid: ScaleSifid;
  readonly file: StoredFile;
  /** Kinds `reconstruction` and `scale-sample`. */
  readonly artifacts: readonly NewArtifact[];
}

/**
 * A finished scale: its row, its pictures with a preview event each, and the model's count, at once. Calling it again,
 * because the answer was lost, changes nothing.
 * @returns keys of checkpoints (of this scale and coarser ones) that no row names any more; their objects may be deleted
 * @throws AppError lease.lost
 */
export async function recordScale(db: Database, claim: Claim, scale: NewScale): Promise<string[]> {
  return db.transaction(async (tx) => {
    await lockModel(tx, claim.model.id);
    await changeHeldJob(tx, claim, { startsWithoutProgress: 0 });
    const id = { modelId: claim.model.id, index: scale.index };
    const known = await tx.scale.findUnique({ where: { modelId_index: id }, select: { fileKey: true } });
    if (known !== null) return known.fileKey === scale.file.key ? [] : keysOf(scale);
    await countScale(tx, claim, scale.index);
    await insertScale(tx, claim.model.id, scale);
    const added = await addArtifacts(tx, claim, scale.artifacts);
    await appendHeldEvents(tx, claim, added.flatMap(previewOf));
    const unneeded = await tx.checkpoint.findMany({
      where: { jobId: claim.job.id, scale: { lte: scale.index } },
      select: { key: true },
    });
    return deleteCheckpoints(
      tx,
      unneeded.map(({ key }) => key),
    );
  });
}

/** Scales are finished coarsest first, each once. */
async function countScale(tx: Transaction, claim: Claim, index: number): Promise<void> {
  const { count } = await tx.model.updateMany({
    where: { id: claim.model.id, scalesDone: index },
    data: { scalesDone: index + 1 },
  });
  if (count === 0)
    throw new AppError('internal', `scale ${index} of model ${claim.model.id} was finished before the ones below it`);
}

async function insertScale(tx: Transaction, modelId: string, scale: NewScale): Promise<void> {
  const { file, artifacts, losses, sifid, ...rest } = scale;
  await tx.scale.create({
    data: {
      ...rest,
      modelId,
      losses: toJson(losses),
      sifid: toJson(sifid),
      fileKey: file.key,
      fileSha256: file.sha256,
      fileSizeBytes: BigInt(file.sizeBytes),
      reconstructionArtifactId: artifacts.find(({ kind }) => kind === 'reconstruction')?.id ?? null,
      sampleArtifactId: artifacts.find(({ kind }) => kind === 'scale-sample')?.id ?? null,
    },
    select: { index: true },
  });
}

function keysOf(scale: NewScale): string[] {
  return [scale.file.key, ...scale.artifacts.map(({ key }) => key)];
}
