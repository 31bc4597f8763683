import type { InputKind } from '@singan/contracts';
import { getArtifact, jobInputs } from '@singan/database';
import { AppError } from '@singan/domain';
import type { WorkingSource } from '../generation-task.ts';
import { withRetries } from '../host/retry.ts';
import { readVerified } from '../host/verified-object.ts';
import type { Preparation } from './generate.ts';
import { retryUntilStop } from './handler-options.ts';

type InputFiles = Partial<Record<InputKind, Buffer>>;

/** The pictures that were sent with a job, by kind. */
export function readInputs({ context, options }: Preparation): Promise<InputFiles> {
  const { database, store } = options;
  return withRetries(async () => {
    const inputs: InputFiles = {};
    for (const input of await jobInputs(database, context.claim.job.id)) {
      inputs[input.kind] = await readVerified(store, input);
    }
    return inputs;
  }, retryUntilStop(context));
}

/** @throws AppError `internal`: the api accepts no job without the pictures that it needs */
export function requireInput(inputs: InputFiles, kind: InputKind): Buffer {
  const bytes = inputs[kind];
  if (bytes === undefined) throw new AppError('internal', `expected the job to have an ${kind}, got none`);
  return bytes;
}

/** The picture that the model is of. */
export function readWorkingSource({
  context,
  options,
}: Pick<Preparation, 'context' | 'options'>): Promise<WorkingSource> {
  const { sourceArtifactId, working } = context.claim.model;
  return withRetries(async () => {
    const artifact = await getArtifact(options.database, sourceArtifactId);
    if (artifact === null) throw new AppError('artifact.not_found', 'The picture of the model is gone.');
    return { source: await readVerified(options.store, artifact), working };
  }, retryUntilStop(context));
}
