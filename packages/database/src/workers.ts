import type { Database } from './database.ts';
import type { WorkerRecord } from './records.ts';

/** Says that a worker is alive; by the database's clock. */
export async function heartbeat(db: Database, worker: WorkerRecord): Promise<void> {
  const { id, roles, host, pid, engine, startedAt } = worker;
  await db.query(
    (client) => client.$executeRaw`
      INSERT INTO "workers" ("id", "roles", "host", "pid", "engine", "started_at", "seen_at")
      VALUES (${id}, ${[...roles]}, ${host}, ${pid}, ${engine}, ${startedAt}, clock_timestamp())
      ON CONFLICT ("id") DO UPDATE
        SET "roles" = EXCLUDED."roles", "engine" = EXCLUDED."engine", "seen_at" = EXCLUDED."seen_at"`,
  );
}

export async function removeWorker(db: Database, id: string): Promise<void> {
  await db.query((client) => client.worker.deleteMany({ where: { id } }));
}
