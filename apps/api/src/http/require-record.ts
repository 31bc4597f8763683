import {
  type ArtifactRecord,
  type Database,
  getArtifact,
  getJob,
  getModel,
  type JobRecord,
  type ModelRecord,
} from '@singan/database';
import { AppError, type ErrorCode, type IdPrefix, isId } from '@singan/domain';

/** The record of an id from an address. A malformed id names nothing, and is not asked of the database. */
async function requireRecord<T>(o: {
  id: string;
  prefix: IdPrefix;
  code: ErrorCode;
  what: string;
  get: (id: string) => Promise<T | null>;
}): Promise<T> {
  const record = isId(o.id, o.prefix) ? await o.get(o.id) : null;
  if (record !== null) return record;
  const reason = isId(o.id, o.prefix) ? 'it does not exist or was deleted' : `an id looks like ${o.prefix}_01J…`;
  throw new AppError(o.code, `There is no ${o.what} ${JSON.stringify(o.id.slice(0, 80))}: ${reason}.`);
}

export function requireModel(database: Database, id: string): Promise<ModelRecord> {
  return requireRecord({
    id,
    prefix: 'mdl',
    code: 'model.not_found',
    what: 'model',
    get: (key) => getModel(database, key),
  });
}

export function requireJob(database: Database, id: string): Promise<JobRecord> {
  return requireRecord({ id, prefix: 'job', code: 'job.not_found', what: 'job', get: (key) => getJob(database, key) });
}

export function requireArtifact(database: Database, id: string): Promise<ArtifactRecord> {
  const get = (key: string): Promise<ArtifactRecord | null> => getArtifact(database, key);
  return requireRecord({ id, prefix: 'art', code: 'artifact.not_found', what: 'artifact', get });
}
