import { INPUT_KINDS, type InputKind } from '@singan/contracts';
import type { Database } from './database.ts';
import type { ArtifactRecord, StoredFile } from './records.ts';
import { toArtifactRecord } from './rows.ts';

/** Null if there is none or its model was deleted. */
export async function getArtifact(db: Database, id: string): Promise<ArtifactRecord | null> {
  const row = await db.query((client) => client.artifact.findFirst({ where: { id, model: { deletedAt: null } } }));
  return row && toArtifactRecord(row);
}

/** Files of the pictures that a job was given, at most one of a kind. */
export async function jobInputs(
  db: Database,
  jobId: string,
): Promise<readonly (StoredFile & { readonly kind: InputKind })[]> {
  const rows = await db.query((client) =>
    client.artifact.findMany({ where: { jobId, kind: { in: [...INPUT_KINDS] } }, orderBy: { kind: 'asc' } }),
  );
  return rows.map(({ kind, key, sha256, sizeBytes }) => ({
    kind: kind as InputKind,
    key,
    sha256,
    sizeBytes: Number(sizeBytes),
  }));
}
