import type {
  ArtifactKind,
  EvaluationScores,
  JobError,
  JobEvent,
  JobMetrics,
  LossPoint,
  OutputDetails,
  Progress,
  PyramidPlan,
  ScaleSifid,
  SourceInfo,
  Topic,
  TrainingConfig,
  TrainingEstimate,
  WebhookEventType,
  WebhookPayload,
  WebhookRequest,
} from '@singan/contracts';
import type { JobKind, JobState, ModelState, Size } from '@singan/domain';

/** An object of the store that a record points to. */
export interface StoredFile {
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface ModelRecord {
  readonly id: string;
  readonly name: string | null;
  readonly metadata: Record<string, string>;
  readonly state: ModelState;
  readonly config: TrainingConfig;
  readonly source: SourceInfo;
  readonly working: Size;
  readonly gray: boolean;
  readonly pyramid: PyramidPlan;
  readonly estimate: TrainingEstimate;
  readonly scalesDone: number;
  readonly trainingJobId: string;
  /** The uploaded picture, re-encoded. */
  readonly sourceArtifactId: string;
  readonly createdAt: Date;
  readonly readyAt: Date | null;
}

export interface ScaleRecord {
  readonly modelId: string;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly noiseAmplitude: number;
  readonly iterations: number;
  readonly seconds: number;
  readonly losses: readonly LossPoint[];
  /** Null for a scale that was trained before this was measured. */
  readonly sifid: ScaleSifid | null;
  readonly file: StoredFile;
  readonly reconstructionArtifactId: string | null;
  readonly sampleArtifactId: string | null;
  readonly createdAt: Date;
}

export interface JobRecord {
  readonly id: string;
  readonly kind: JobKind;
  readonly modelId: string;
  readonly state: JobState;
  readonly input: Record<string, unknown>;
  readonly webhook: WebhookRequest | null;
  /** Pictures the job was given. */
  readonly inputs: readonly ArtifactRecord[];
  /** Pictures the job made, in the order of start scale, scale and index. */
  readonly outputs: readonly ArtifactRecord[];
  /** What an evaluation found, once it has. */
  readonly evaluation: EvaluationRecord | null;
  readonly error: JobError | null;
  readonly progress: Progress | null;
  readonly cancelRequested: boolean;
  readonly attempts: number;
  readonly workerId: string | null;
  /** Sequence number of the newest event; 0 is before the first. */
  readonly eventSeq: number;
  readonly createdAt: Date;
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Seconds are sums over the attempts that have ended; null before the first has. */
  readonly metrics: JobMetrics;
}

/** Scores of a set of samples, and how the set was drawn. */
export interface EvaluationRecord extends EvaluationScores {
  readonly id: string;
  readonly modelId: string;
  readonly jobId: string;
  readonly startScale: number;
  readonly seed: number;
  readonly createdAt: Date;
}

export interface ArtifactRecord {
  readonly id: string;
  readonly kind: ArtifactKind;
  readonly modelId: string;
  readonly jobId: string | null;
  readonly key: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly scale: number | null;
  readonly index: number | null;
  readonly seed: number | null;
  readonly details: OutputDetails;
  readonly createdAt: Date;
}

/** A picture whose bytes are in the store already. */
export interface NewArtifact {
  readonly id: string;
  readonly kind: ArtifactKind;
  readonly key: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly scale?: number;
  readonly index?: number;
  readonly seed?: number;
  /** What only some outputs have. */
  readonly details?: OutputDetails;
}

export interface CheckpointRecord extends StoredFile {
  readonly scale: number;
  readonly iteration: number;
}

export interface JobEventRecord {
  readonly seq: number;
  readonly event: JobEvent;
  readonly createdAt: Date;
}

export type DeliveryState = 'pending' | 'delivered' | 'failed';

export interface DeliveryRecord {
  readonly id: string;
  /** The `webhook-id` header: one for all tries. */
  readonly eventId: string;
  readonly type: WebhookEventType;
  readonly url: string;
  readonly payload: WebhookPayload;
  readonly jobId: string;
  readonly modelId: string;
  readonly state: DeliveryState;
  /** Tries so far. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
}

export interface WorkerRecord {
  readonly id: string;
  readonly roles: readonly string[];
  readonly host: string;
  readonly pid: number;
  readonly engine: string | null;
  readonly startedAt: Date;
}

/** A message on its way to Redis. */
export interface OutboxMessage {
  readonly id: bigint;
  readonly topic: Topic;
  /** Id of the message in Redis: adding it twice is adding it once. */
  readonly messageId: string;
  readonly payload: Record<string, unknown>;
  /** How long Redis is to hold it back; 0 for at once. */
  readonly delayMs: number;
}

/** One page, newest first. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}
