import { newestCheckpoints, scaleFiles } from '@singan/database';
import type { JobContext } from '../host/job-runner.ts';
import { withRetries } from '../host/retry.ts';
import { readVerified } from '../host/verified-object.ts';
import type { TrainTask } from '../protocol.ts';
import { readCheckpoints } from './checkpoints.ts';
import { type HandlerOptions, retryUntilStop } from './handler-options.ts';
import { readWorkingSource } from './read-inputs.ts';

/** Everything the child needs to go on where the training stands. */
export async function prepareTraining(context: JobContext, options: HandlerOptions): Promise<TrainTask> {
  const { database, store, checkpointIntervalMs } = options;
  const { claim } = context;
  const { id, config, pyramid, gray } = claim.model;
  const source = await readWorkingSource({ context, options });
  return withRetries(async () => {
    const files = await scaleFiles(database, id);
    const finishedScales = await Promise.all(files.map((file) => readVerified(store, file)));
    const rows = await newestCheckpoints(database, id, finishedScales.length);
    const checkpoints = await readCheckpoints(rows, { database, store, claim });
    return { kind: 'train', ...source, gray, config, plan: pyramid, finishedScales, checkpoints, checkpointIntervalMs };
  }, retryUntilStop(context));
}
