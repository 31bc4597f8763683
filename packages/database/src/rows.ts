import {
  ARTIFACT_KINDS,
  evaluationScoresSchema,
  isInputKind,
  jobErrorSchema,
  outputDetailsSchema,
  progressSchema,
  pyramidPlanSchema,
  scaleSchema,
  scaleSifidSchema,
  sourceInfoSchema,
  trainingConfigSchema,
  trainingEstimateSchema,
  webhookRequestSchema,
} from '@singan/contracts';
import { AppError, JOB_KINDS, JOB_STATES, MODEL_STATES } from '@singan/domain';
import { z } from 'zod';
import type { Prisma } from './generated/client.ts';
import { fromJson, fromNullableJson, toJson } from './json.ts';
import type { ArtifactRecord, EvaluationRecord, JobRecord, ModelRecord, NewArtifact, ScaleRecord } from './records.ts';

export const MODEL_INCLUDE = {
  artifacts: { where: { kind: 'source' }, select: { id: true }, take: 1 },
} satisfies Prisma.ModelInclude;
export const JOB_INCLUDE = {
  artifacts: { orderBy: [{ scale: 'asc' }, { index: 'asc' }, { kind: 'asc' }, { id: 'asc' }] },
  evaluation: true,
} satisfies Prisma.JobInclude;

export type ModelRow = Prisma.ModelGetPayload<{ include: typeof MODEL_INCLUDE }>;
export type JobRow = Prisma.JobGetPayload<{ include: typeof JOB_INCLUDE }>;
export type ScaleRow = Prisma.ScaleGetPayload<object>;
export type ArtifactRow = Prisma.ArtifactGetPayload<object>;
export type EvaluationRow = Prisma.EvaluationGetPayload<object>;

const modelStateSchema = z.enum(MODEL_STATES);
const jobStateSchema = z.enum(JOB_STATES);
const jobKindSchema = z.enum(JOB_KINDS);
const artifactKindSchema = z.enum(ARTIFACT_KINDS);
const metadataSchema = z.record(z.string(), z.string());
const inputSchema = z.record(z.string(), z.unknown());

export function toModelRecord(row: ModelRow): ModelRecord {
  return {
    id: row.id,
    name: row.name,
    metadata: fromJson(metadataSchema, row.metadata, 'models.metadata'),
    state: modelStateSchema.parse(row.state),
    config: fromJson(trainingConfigSchema, row.config, 'models.config'),
    source: fromJson(sourceInfoSchema, row.source, 'models.source'),
    working: { width: row.workingWidth, height: row.workingHeight },
    gray: row.gray,
    pyramid: fromJson(pyramidPlanSchema, row.pyramid, 'models.pyramid'),
    estimate: fromJson(trainingEstimateSchema, row.estimate, 'models.estimate'),
    scalesDone: row.scalesDone,
    trainingJobId: row.trainingJobId,
    sourceArtifactId: sourceArtifactId(row),
    createdAt: row.createdAt,
    readyAt: row.readyAt,
  };
}

function sourceArtifactId(row: ModelRow): string {
  const [artifact] = row.artifacts;
  if (artifact === undefined) throw new AppError('internal', `model ${row.id} has no source artifact`);
  return artifact.id;
}

export function toJobRecord(row: JobRow): JobRecord {
  const hasStarted = row.startedAt !== null;
  const hasEndedAnAttempt = hasStarted && (row.runSeconds > 0 || row.finishedAt !== null);
  const artifacts = row.artifacts.map(toArtifactRecord);
  return {
    id: row.id,
    kind: jobKindSchema.parse(row.kind),
    modelId: row.modelId,
    state: jobStateSchema.parse(row.state),
    input: fromJson(inputSchema, row.input, 'jobs.input'),
    webhook: fromNullableJson(webhookRequestSchema, row.webhook, 'jobs.webhook'),
    inputs: artifacts.filter(({ kind }) => isInputKind(kind)),
    outputs: artifacts.filter(({ kind }) => !isInputKind(kind)).sort(byStartScale),
    evaluation: row.evaluation && toEvaluationRecord(row.evaluation),
    error: fromNullableJson(jobErrorSchema, row.error, 'jobs.error'),
    progress: fromNullableJson(progressSchema, row.progress, 'jobs.progress'),
    cancelRequested: row.cancelRequested,
    attempts: row.attempts,
    workerId: row.workerId,
    eventSeq: row.eventSeq,
    createdAt: row.createdAt,
    queuedAt: row.queuedAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    metrics: {
      queuedSeconds: hasStarted ? row.queuedSeconds : null,
      runSeconds: hasEndedAnAttempt ? row.runSeconds : null,
      engine: row.engine,
      isa: row.isa,
      threads: row.threads,
      device: row.device,
    },
  };
}

/** Those of a sweep one start scale after the other, then what belongs to none. Else the order stays. */
function byStartScale(a: ArtifactRecord, b: ArtifactRecord): number {
  const [first, second] = [a, b].map(({ details }) => details.startScale ?? Number.MAX_SAFE_INTEGER);
  return (first ?? 0) - (second ?? 0);
}

export function toScaleRecord(row: ScaleRow): ScaleRecord {
  return {
    modelId: row.modelId,
    index: row.index,
    width: row.width,
    height: row.height,
    channels: row.channels,
    noiseAmplitude: row.noiseAmplitude,
    iterations: row.iterations,
    seconds: row.seconds,
    losses: fromJson(scaleSchema.shape.losses, row.losses, 'scales.losses'),
    sifid: fromNullableJson(scaleSifidSchema, row.sifid, 'scales.sifid'),
    file: { key: row.fileKey, sha256: row.fileSha256, sizeBytes: Number(row.fileSizeBytes) },
    reconstructionArtifactId: row.reconstructionArtifactId,
    sampleArtifactId: row.sampleArtifactId,
    createdAt: row.createdAt,
  };
}

export function toEvaluationRecord(row: EvaluationRow): EvaluationRecord {
  const { id, modelId, jobId, startScale, seed, createdAt, ...scores } = row;
  const known = fromJson(evaluationScoresSchema, scores, 'evaluations');
  return { id, modelId, jobId, startScale, seed: Number(seed), createdAt, ...known };
}

export function toArtifactRecord(row: ArtifactRow): ArtifactRecord {
  return {
    id: row.id,
    kind: artifactKindSchema.parse(row.kind),
    modelId: row.modelId,
    jobId: row.jobId,
    key: row.key,
    contentType: row.contentType,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.sha256,
    width: row.width,
    height: row.height,
    scale: row.scale,
    index: row.index,
    seed: row.seed === null ? null : Number(row.seed),
    details: fromJson(outputDetailsSchema, row.details, 'artifacts.details'),
    createdAt: row.createdAt,
  };
}

export function toArtifactRow(o: { artifact: NewArtifact; modelId: string; jobId: string | null }) {
  const { artifact, modelId, jobId } = o;
  return {
    ...artifact,
    modelId,
    jobId,
    sizeBytes: BigInt(artifact.sizeBytes),
    scale: artifact.scale ?? null,
    index: artifact.index ?? null,
    seed: artifact.seed === undefined ? null : BigInt(artifact.seed),
    details: toJson(artifact.details ?? {}),
  } satisfies Prisma.ArtifactUncheckedCreateInput;
}
