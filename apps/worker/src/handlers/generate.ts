import { scaleFiles } from '@singan/database';
import { AppError } from '@singan/domain';
import type { GenerationTask } from '../generation-task.ts';
import type { EngineChild } from '../host/engine-child.ts';
import type { JobContext, JobHandler } from '../host/job-runner.ts';
import { withRetries } from '../host/retry.ts';
import { runTask } from '../host/run-task.ts';
import type { TaskEvent } from '../protocol.ts';
import { GenerationRun } from './generation-run.ts';
import { awaitEngine, type HandlerOptions, retryUntilStop } from './handler-options.ts';
import { ModelSource } from './model-source.ts';

/** What a preparation works with. */
export interface Preparation {
  readonly context: JobContext;
  readonly options: HandlerOptions;
  /** The model as far as it is trained. */
  readonly model: ModelSource;
  /** Its engine runs. */
  readonly child: EngineChild;
}

/** Makes of a job what its child is to do; null when it was stopped before. */
export type Prepare = (o: Preparation) => Promise<GenerationTask | null>;

/** Draws with a trained model. Outputs are recorded together at the end: a job that is handed back leaves none behind. */
export function createGenerationHandler(options: HandlerOptions, prepare: Prepare): JobHandler {
  return (context) => options.children.use((child) => generate(child, context, { options, prepare }));
}

async function generate(
  child: EngineChild,
  context: JobContext,
  { options, prepare }: { options: HandlerOptions; prepare: Prepare },
): Promise<'succeeded' | 'stopped'> {
  const { claim, stop, lost } = context;
  const files = await withRetries(() => scaleFiles(options.database, claim.model.id), retryUntilStop(context));
  if (files.length === 0) throw new AppError('model.not_ready', 'The model has no trained scale yet.');
  const model = new ModelSource(claim.model, files, options.store);
  await awaitEngine(child, context, options);
  const task = await prepare({ context, options, model, child });
  if (task === null) return 'stopped';
  const run = new GenerationRun(context, options);
  const onEvent = async (event: TaskEvent): Promise<void> => {
    if (event.type !== 'need-model') return run.record(event);
    const modelFiles = await withRetries(() => model.read(), retryUntilStop(context));
    child.send({ type: 'model', files: modelFiles });
  };
  const end = await runTask({ child, task, onEvent, stop, lost, graceMs: options.graceMs }).catch(
    async (error: unknown) => {
      await run.discard();
      throw error;
    },
  );
  // What is recorded is not discarded any more, even when recording it ended in an error: rows may name it.
  if (end === 'succeeded') await run.recordOutputs();
  else await run.discard();
  return end;
}
