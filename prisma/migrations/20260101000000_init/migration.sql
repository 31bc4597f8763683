-- Ids order lists and cursors: the collation "C" keeps that order the same on every server.

CREATE TABLE "models" (
  "id" TEXT COLLATE "C" NOT NULL,
  "name" TEXT,
  "metadata" JSONB NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'queued',
  "config" JSONB NOT NULL,
  "source" JSONB NOT NULL,
  "working_width" INTEGER NOT NULL,
  "working_height" INTEGER NOT NULL,
  "gray" BOOLEAN NOT NULL,
  "pyramid" JSONB NOT NULL,
  "estimate" JSONB NOT NULL,
  "training_job_id" TEXT NOT NULL,
  "scales_done" INTEGER NOT NULL DEFAULT 0,
  "dispatches" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ready_at" TIMESTAMPTZ(3),
  "deleted_at" TIMESTAMPTZ(3),
  CONSTRAINT "models_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "models_id_check" CHECK ("id" ~ '^mdl_[0-9A-HJKMNP-TV-Z]{26}$'),
  CONSTRAINT "models_state_check" CHECK ("state" IN ('queued', 'training', 'ready', 'failed', 'canceled')),
  CONSTRAINT "models_working_check" CHECK ("working_width" > 0 AND "working_height" > 0),
  CONSTRAINT "models_scales_done_check" CHECK ("scales_done" BETWEEN 0 AND jsonb_array_length("pyramid" -> 'levels')),
  CONSTRAINT "models_dispatches_check" CHECK ("dispatches" >= 0),
  CONSTRAINT "models_ready_check" CHECK (("state" = 'ready') = ("ready_at" IS NOT NULL)),
  CONSTRAINT "models_ready_scales_check" CHECK ("state" <> 'ready' OR "scales_done" = jsonb_array_length("pyramid" -> 'levels'))
);

CREATE TABLE "jobs" (
  "id" TEXT COLLATE "C" NOT NULL,
  "kind" TEXT NOT NULL,
  "queue" TEXT NOT NULL,
  "model_id" TEXT COLLATE "C" NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'queued',
  "input" JSONB NOT NULL,
  "webhook" JSONB,
  "error" JSONB,
  "progress" JSONB,
  "progress_announced_at" TIMESTAMPTZ(3),
  "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "dispatches" INTEGER NOT NULL DEFAULT 0,
  "starts_without_progress" INTEGER NOT NULL DEFAULT 0,
  "lease_token" BIGINT NOT NULL DEFAULT 0,
  "lease_expires_at" TIMESTAMPTZ(3),
  "worker_id" TEXT,
  "engine" TEXT,
  "isa" TEXT,
  "threads" INTEGER,
  "device" TEXT,
  "event_seq" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3),
  "attempt_started_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "queued_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "run_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
  CONSTRAINT "jobs_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "jobs_id_check" CHECK ("id" ~ '^job_[0-9A-HJKMNP-TV-Z]{26}$'),
  CONSTRAINT "jobs_kind_check" CHECK (
    "kind" IN ('train', 'sample', 'paint', 'harmonize', 'edit', 'animate', 'super-resolve')
  ),
  CONSTRAINT "jobs_queue_check" CHECK ("queue" IN ('training', 'generation')),
  CONSTRAINT "jobs_state_check" CHECK ("state" IN ('queued', 'running', 'succeeded', 'failed', 'canceled')),
  CONSTRAINT "jobs_counts_check" CHECK (
    "attempts" >= 0 AND "dispatches" >= 0 AND "event_seq" >= 0 AND "lease_token" >= 0
    AND "starts_without_progress" BETWEEN 0 AND 3
  ),
  CONSTRAINT "jobs_seconds_check" CHECK ("queued_seconds" >= 0 AND "run_seconds" >= 0),
  CONSTRAINT "jobs_threads_check" CHECK ("threads" > 0),
  -- a lease belongs to a running job, and every running job has one
  CONSTRAINT "jobs_lease_check" CHECK (
    ("state" = 'running')
    = ("lease_expires_at" IS NOT NULL AND "worker_id" IS NOT NULL AND "attempt_started_at" IS NOT NULL)
    AND ("lease_expires_at" IS NULL) = ("worker_id" IS NULL)
    AND ("lease_expires_at" IS NULL) = ("attempt_started_at" IS NULL)
  ),
  CONSTRAINT "jobs_finished_check" CHECK (
    ("state" IN ('succeeded', 'failed', 'canceled')) = ("finished_at" IS NOT NULL)
  ),
  CONSTRAINT "jobs_error_check" CHECK (("state" = 'failed') = ("error" IS NOT NULL)),
  -- a queued job is canceled at once, never flagged
  CONSTRAINT "jobs_cancel_check" CHECK (NOT ("state" = 'queued' AND "cancel_requested"))
);

CREATE TABLE "job_events" (
  "job_id" TEXT COLLATE "C" NOT NULL,
  "seq" INTEGER NOT NULL,
  "type" TEXT NOT NULL,
  "data" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "job_events_pkey" PRIMARY KEY ("job_id", "seq"),
  CONSTRAINT "job_events_seq_check" CHECK ("seq" > 0),
  CONSTRAINT "job_events_type_check" CHECK ("type" IN ('state', 'preview', 'log', 'done'))
);

CREATE TABLE "scales" (
  "model_id" TEXT COLLATE "C" NOT NULL,
  "index" INTEGER NOT NULL,
  "width" INTEGER NOT NULL,
  "height" INTEGER NOT NULL,
  "channels" INTEGER NOT NULL,
  "noise_amplitude" DOUBLE PRECISION NOT NULL,
  "iterations" INTEGER NOT NULL,
  "seconds" DOUBLE PRECISION NOT NULL,
  "losses" JSONB NOT NULL,
  "file_key" TEXT NOT NULL,
  "file_sha256" TEXT NOT NULL,
  "file_size_bytes" BIGINT NOT NULL,
  "reconstruction_artifact_id" TEXT,
  "sample_artifact_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "scales_pkey" PRIMARY KEY ("model_id", "index"),
  CONSTRAINT "scales_counts_check" CHECK (
    "index" >= 0 AND "width" > 0 AND "height" > 0 AND "channels" > 0 AND "iterations" > 0 AND "seconds" >= 0
    AND "file_size_bytes" > 0
  ),
  CONSTRAINT "scales_noise_check" CHECK ("noise_amplitude" >= 0 AND "noise_amplitude" < 'Infinity'),
  CONSTRAINT "scales_sha256_check" CHECK ("file_sha256" ~ '^[0-9a-f]{64}$')
);

CREATE TABLE "artifacts" (
  "id" TEXT NOT NULL,
  "model_id" TEXT COLLATE "C" NOT NULL,
  "job_id" TEXT COLLATE "C",
  "kind" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "content_type" TEXT NOT NULL,
  "size_bytes" BIGINT NOT NULL,
  "sha256" TEXT NOT NULL,
  "width" INTEGER,
  "height" INTEGER,
  "scale" INTEGER,
  "index" INTEGER,
  "seed" BIGINT,
  "details" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "artifacts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "artifacts_id_check" CHECK ("id" ~ '^art_[0-9A-HJKMNP-TV-Z]{26}$'),
  CONSTRAINT "artifacts_kind_check" CHECK (
    "kind" IN (
      'source', 'working', 'preview', 'reconstruction', 'scale-sample', 'sample', 'painting', 'harmonization',
      'harmonization-unmasked', 'edit', 'edit-unmasked', 'animation', 'super-resolution', 'contact-sheet',
      'input-image', 'input-mask', 'input-object', 'input-ground-truth'
    )
  ),
  CONSTRAINT "artifacts_input_check" CHECK (NOT starts_with("kind", 'input-') OR "job_id" IS NOT NULL),
  CONSTRAINT "artifacts_counts_check" CHECK (
    "size_bytes" >= 0 AND "width" > 0 AND "height" > 0 AND "scale" >= 0 AND "index" >= 0
    AND "seed" BETWEEN 0 AND 4294967295
  ),
  CONSTRAINT "artifacts_sha256_check" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  -- deleting a model deletes this prefix, so no byte of it may lie elsewhere
  CONSTRAINT "artifacts_key_check" CHECK (starts_with("key", 'models/' || "model_id" || '/'))
);

CREATE TABLE "checkpoints" (
  "key" TEXT NOT NULL,
  "model_id" TEXT COLLATE "C" NOT NULL,
  "job_id" TEXT COLLATE "C" NOT NULL,
  "scale" INTEGER NOT NULL,
  "iteration" INTEGER NOT NULL,
  "sha256" TEXT NOT NULL,
  "size_bytes" BIGINT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "checkpoints_pkey" PRIMARY KEY ("key"),
  CONSTRAINT "checkpoints_counts_check" CHECK ("scale" >= 0 AND "iteration" >= 0 AND "size_bytes" > 0),
  CONSTRAINT "checkpoints_sha256_check" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  CONSTRAINT "checkpoints_key_check" CHECK (starts_with("key", 'models/' || "model_id" || '/'))
);

ALTER TABLE "scales" ADD CONSTRAINT "scales_file_key_check"
  CHECK (starts_with("file_key", 'models/' || "model_id" || '/'));

CREATE TABLE "webhook_deliveries" (
  "id" TEXT NOT NULL,
  "event_id" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "job_id" TEXT NOT NULL,
  "model_id" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'pending',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "dispatches" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "next_attempt_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "webhook_deliveries_id_check" CHECK (
    "id" ~ '^whd_[0-9A-HJKMNP-TV-Z]{26}$' AND "event_id" ~ '^evt_[0-9A-HJKMNP-TV-Z]{26}$'
  ),
  CONSTRAINT "webhook_deliveries_type_check" CHECK (
    "type" IN ('model.ready', 'model.failed', 'job.started', 'job.progress', 'job.succeeded', 'job.failed', 'job.canceled')
  ),
  CONSTRAINT "webhook_deliveries_state_check" CHECK ("state" IN ('pending', 'delivered', 'failed')),
  CONSTRAINT "webhook_deliveries_finished_check" CHECK (
    ("state" = 'pending') = ("finished_at" IS NULL) AND ("state" = 'pending' OR "next_attempt_at" IS NULL)
  ),
  CONSTRAINT "webhook_deliveries_counts_check" CHECK ("attempts" >= 0 AND "dispatches" >= 0)
);

CREATE TABLE "webhook_attempts" (
  "delivery_id" TEXT NOT NULL,
  "attempt" INTEGER NOT NULL,
  "delivered" BOOLEAN NOT NULL,
  "status" INTEGER,
  "reason" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "webhook_attempts_pkey" PRIMARY KEY ("delivery_id", "attempt"),
  CONSTRAINT "webhook_attempts_check" CHECK ("attempt" > 0 AND "status" BETWEEN 100 AND 599)
);

CREATE TABLE "outbox" (
  "id" BIGSERIAL NOT NULL,
  "topic" TEXT NOT NULL,
  "message_id" TEXT NOT NULL,
  "subject_id" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "available_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "dispatched_at" TIMESTAMPTZ(3),
  CONSTRAINT "outbox_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "outbox_topic_check" CHECK ("topic" IN ('training', 'generation', 'webhooks', 'maintenance')),
  CONSTRAINT "outbox_message_id_check" CHECK ("message_id" ~ '^(job|whd|mdl)_[0-9A-HJKMNP-TV-Z]{26}-[1-9][0-9]*$')
);

CREATE TABLE "idempotency_keys" (
  "key" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "status" INTEGER,
  "body" JSONB,
  "headers" JSONB,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key"),
  CONSTRAINT "idempotency_keys_check" CHECK (
    "status" BETWEEN 100 AND 599 AND ("status" IS NULL) = ("body" IS NULL) AND ("status" IS NULL) = ("headers" IS NULL)
  )
);

CREATE TABLE "workers" (
  "id" TEXT NOT NULL,
  "roles" TEXT[],
  "host" TEXT NOT NULL,
  "pid" INTEGER NOT NULL,
  "engine" TEXT,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "workers_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "workers_id_check" CHECK ("id" ~ '^wrk_[0-9A-HJKMNP-TV-Z]{26}$'),
  CONSTRAINT "workers_pid_check" CHECK ("pid" > 0)
);

CREATE UNIQUE INDEX "models_training_job_id_key" ON "models" ("training_job_id");
CREATE INDEX "models_state_id_idx" ON "models" ("state", "id" DESC);
CREATE INDEX "models_deleted_idx" ON "models" ("id") WHERE "deleted_at" IS NOT NULL;

CREATE INDEX "jobs_model_id_id_idx" ON "jobs" ("model_id", "id" DESC);
CREATE INDEX "jobs_state_id_idx" ON "jobs" ("state", "id" DESC);
CREATE INDEX "jobs_kind_id_idx" ON "jobs" ("kind", "id" DESC);
-- covers the counts of the queue status, which are asked for every few seconds
CREATE INDEX "jobs_queue_state_queued_at_finished_at_idx" ON "jobs" ("queue", "state", "queued_at", "finished_at");
-- one training job a model, retried in place
CREATE UNIQUE INDEX "jobs_training_key" ON "jobs" ("model_id") WHERE "kind" = 'train';
CREATE INDEX "jobs_waiting_idx" ON "jobs" ("queue", "queued_at", "id") WHERE "state" = 'queued';
CREATE INDEX "jobs_lease_idx" ON "jobs" ("lease_expires_at") WHERE "state" = 'running';

CREATE UNIQUE INDEX "scales_file_key_key" ON "scales" ("file_key");

CREATE UNIQUE INDEX "artifacts_key_key" ON "artifacts" ("key");
-- a picture that two attempts of a job made is kept once
CREATE UNIQUE INDEX "artifacts_output_key" ON "artifacts" (
  "job_id", "kind", COALESCE("scale", -1), COALESCE("index", -1), COALESCE(("details" ->> 'startScale')::integer, -1)
) WHERE "job_id" IS NOT NULL;
CREATE UNIQUE INDEX "artifacts_source_key" ON "artifacts" ("model_id") WHERE "kind" = 'source';
CREATE INDEX "artifacts_model_id_kind_idx" ON "artifacts" ("model_id", "kind");
CREATE INDEX "artifacts_job_id_idx" ON "artifacts" ("job_id");

CREATE INDEX "checkpoints_model_id_scale_created_at_idx" ON "checkpoints" ("model_id", "scale", "created_at" DESC);
CREATE INDEX "checkpoints_job_id_idx" ON "checkpoints" ("job_id");

CREATE UNIQUE INDEX "webhook_deliveries_event_id_key" ON "webhook_deliveries" ("event_id");
CREATE INDEX "webhook_deliveries_job_id_idx" ON "webhook_deliveries" ("job_id");
CREATE INDEX "webhook_deliveries_pending_idx" ON "webhook_deliveries" ("id") WHERE "state" = 'pending';

CREATE UNIQUE INDEX "outbox_message_id_key" ON "outbox" ("message_id");
CREATE INDEX "outbox_undispatched_idx" ON "outbox" ("id") WHERE "dispatched_at" IS NULL;

CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at");

ALTER TABLE "jobs" ADD CONSTRAINT "jobs_model_id_fkey"
  FOREIGN KEY ("model_id") REFERENCES "models" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "job_events" ADD CONSTRAINT "job_events_job_id_fkey"
  FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scales" ADD CONSTRAINT "scales_model_id_fkey"
  FOREIGN KEY ("model_id") REFERENCES "models" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_model_id_fkey"
  FOREIGN KEY ("model_id") REFERENCES "models" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_job_id_fkey"
  FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_model_id_fkey"
  FOREIGN KEY ("model_id") REFERENCES "models" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_job_id_fkey"
  FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_delivery_id_fkey"
  FOREIGN KEY ("delivery_id") REFERENCES "webhook_deliveries" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The transition tables of @singan/domain, held by the database too: no statement can take a forbidden step.
CREATE FUNCTION "check_job_transition"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD."state", NEW."state") NOT IN (
    ('queued', 'running'), ('queued', 'canceled'), ('queued', 'failed'),
    ('running', 'queued'), ('running', 'succeeded'), ('running', 'failed'), ('running', 'canceled'),
    ('failed', 'queued'), ('canceled', 'queued')
  ) THEN
    RAISE EXCEPTION 'job % cannot go from % to %', OLD."id", OLD."state", NEW."state" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "jobs_transition" BEFORE UPDATE OF "state" ON "jobs"
  FOR EACH ROW WHEN (OLD."state" IS DISTINCT FROM NEW."state") EXECUTE FUNCTION "check_job_transition"();

CREATE FUNCTION "check_model_transition"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD."state", NEW."state") NOT IN (
    ('queued', 'training'), ('queued', 'failed'), ('queued', 'canceled'),
    ('training', 'queued'), ('training', 'ready'), ('training', 'failed'), ('training', 'canceled'),
    ('failed', 'queued'), ('canceled', 'queued')
  ) THEN
    RAISE EXCEPTION 'model % cannot go from % to %', OLD."id", OLD."state", NEW."state" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "models_transition" BEFORE UPDATE OF "state" ON "models"
  FOR EACH ROW WHEN (OLD."state" IS DISTINCT FROM NEW."state") EXECUTE FUNCTION "check_model_transition"();

-- What listeners are told is sent by the transaction that changes it: never before the change can be seen, never without it.
CREATE FUNCTION "notify_job"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('singan_job', NEW."id");
  RETURN NULL;
END $$;
CREATE TRIGGER "jobs_notify" AFTER INSERT OR UPDATE OF "state", "event_seq", "progress", "cancel_requested" ON "jobs"
  FOR EACH ROW EXECUTE FUNCTION "notify_job"();

CREATE FUNCTION "notify_outbox"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('singan_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "outbox_notify_insert" AFTER INSERT ON "outbox"
  FOR EACH ROW EXECUTE FUNCTION "notify_outbox"();
CREATE TRIGGER "outbox_notify_again" AFTER UPDATE OF "dispatched_at" ON "outbox"
  FOR EACH ROW WHEN (OLD."dispatched_at" IS NOT NULL AND NEW."dispatched_at" IS NULL) EXECUTE FUNCTION "notify_outbox"();
