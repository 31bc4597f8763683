export { applyMigrations } from './apply-migrations.ts';
export { getArtifact, jobInputs } from './artifacts.ts';
export { type Claim, claimJob, MAX_STARTS_WITHOUT_PROGRESS } from './claim-job.ts';
export { type CreatedModel, createModel, type NewModel } from './create-model.ts';
export { createDatabase, type Database, type DatabaseOptions } from './database.ts';
export { listEvaluations, type NewEvaluation, newestEvaluations, recordEvaluation } from './evaluations.ts';
export { readEvents } from './events.ts';
export {
  abandonIdempotent,
  beginIdempotent,
  completeIdempotent,
  type IdempotencyCompletion,
  type IdempotencyStart,
  type IdempotentResponse,
} from './idempotency.ts';
export { createJobListener, type JobChanged, type JobListener } from './job-listener.ts';
export {
  createJob,
  getJob,
  jobPosition,
  type ListJobsQuery,
  listJobs,
  type NewJob,
  requestCancel,
  retryJob,
} from './jobs.ts';
export { finishJob, handBackJob, type JobOutcome, renewLease } from './leases.ts';
export {
  deleteModel,
  getModel,
  getModelWithScales,
  jobCheckpoints,
  type ListModelsQuery,
  listModels,
  newestCheckpoints,
  purgeModel,
  scaleFiles,
} from './models.ts';
export { relayOutbox } from './outbox.ts';
export { queueStatus } from './queue-status.ts';
export { type ReconcileResult, reconcile } from './reconcile.ts';
export { type NewScale, recordScale } from './record-scale.ts';
export { recordCheckpoint, recordEngine, recordLog, recordOutputs, recordProgress } from './record-work.ts';
export type {
  ArtifactRecord,
  CheckpointRecord,
  DeliveryRecord,
  DeliveryState,
  EvaluationRecord,
  JobEventRecord,
  JobRecord,
  ModelRecord,
  NewArtifact,
  OutboxMessage,
  Page,
  ScaleRecord,
  StoredFile,
  WorkerRecord,
} from './records.ts';
export { type DeliveryResult, getDelivery, recordDeliveryAttempt } from './webhooks.ts';
export { heartbeat, removeWorker } from './workers.ts';
