import type { Database } from './database.ts';
import type { ArtifactRecord } from './records.ts';
import { toArtifactRecord } from './rows.ts';

/** Null if there is none or its model was deleted. */
export async function getArtifact(db: Database, id: string): Promise<ArtifactRecord | null> {
  const row = await db.query((client) => client.artifact.findFirst({ where: { id, model: { deletedAt: null } } }));
  return row && toArtifactRecord(row);
}
