ALTER TABLE "jobs" DROP CONSTRAINT "jobs_kind_check";
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_kind_check" CHECK (
  "kind" IN ('train', 'sample', 'paint', 'harmonize', 'edit', 'animate', 'super-resolve', 'evaluate')
);

ALTER TABLE "scales" ADD COLUMN "sifid" JSONB;

CREATE TABLE "evaluations" (
  "id" TEXT COLLATE "C" NOT NULL,
  "model_id" TEXT COLLATE "C" NOT NULL,
  "job_id" TEXT COLLATE "C" NOT NULL,
  "start_scale" INTEGER NOT NULL,
  "samples" INTEGER NOT NULL,
  "seed" BIGINT NOT NULL,
  "version" INTEGER NOT NULL,
  "weights" TEXT NOT NULL,
  "input_range" DOUBLE PRECISION[] NOT NULL,
  "sifid" JSONB,
  "diversity" DOUBLE PRECISION,
  "copy_score" JSONB,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "evaluations_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "evaluations_id_check" CHECK ("id" ~ '^evl_[0-9A-HJKMNP-TV-Z]{26}$'),
  CONSTRAINT "evaluations_set_check" CHECK (
    "start_scale" >= 0 AND "samples" > 0 AND "seed" BETWEEN 0 AND 4294967295 AND "version" > 0
    AND array_length("input_range", 1) = 2
  ),
  CONSTRAINT "evaluations_diversity_check" CHECK ("diversity" >= 0 AND "diversity" < 'Infinity'),
  -- what was asked for was measured
  CONSTRAINT "evaluations_scores_check" CHECK (num_nonnulls("sifid", "diversity", "copy_score") > 0)
);

-- one set of samples a job: an attempt that scores them again finds its row there
CREATE UNIQUE INDEX "evaluations_job_id_key" ON "evaluations" ("job_id");
CREATE INDEX "evaluations_model_id_id_idx" ON "evaluations" ("model_id", "id" DESC);
-- the newest of each start scale is what a model shows
CREATE INDEX "evaluations_model_id_start_scale_id_idx" ON "evaluations" ("model_id", "start_scale", "id" DESC);

ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_model_id_fkey"
  FOREIGN KEY ("model_id") REFERENCES "models" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_job_id_fkey"
  FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
