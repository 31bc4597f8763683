import { type EvaluationScores, evaluateInputSchema } from '@singan/contracts';
import { type NewArtifact, recordEvaluation, recordLog, recordOutputs, recordProgress } from '@singan/database';
import { AppError } from '@singan/domain';
import type { JobContext } from '../host/job-runner.ts';
import { type AttemptKeys, attemptKeys, notesKey } from '../host/object-keys.ts';
import { withRetries } from '../host/retry.ts';
import { storePicture } from '../host/store-picture.ts';
import type { OutputReady, TaskEvent } from '../protocol.ts';
import { type HandlerOptions, retryUntilLost } from './handler-options.ts';
import { sweepAttempts } from './sweep-attempts.ts';

/** The host's side of a task that draws: stores what comes, and names it in the database at the end. */
export class GenerationRun {
  readonly #context: JobContext;
  readonly #o: HandlerOptions;
  readonly #keys: AttemptKeys;
  readonly #outputs: NewArtifact[] = [];
  #scores: EvaluationScores | null = null;

  constructor(context: JobContext, o: HandlerOptions) {
    this.#context = context;
    this.#o = o;
    const { model, job, attempt } = context.claim;
    this.#keys = attemptKeys({ modelId: model.id, jobId: job.id, attempt });
  }

  async record(event: TaskEvent): Promise<void> {
    const { claim } = this.#context;
    switch (event.type) {
      case 'progress':
        return this.#retrying(() => recordProgress(this.#o.database, claim, event.progress));
      case 'log':
        return this.#retrying(() => recordLog(this.#o.database, claim, event.level, event.message));
      case 'output':
        return this.#store(event);
      case 'evaluated':
        this.#scores = event.scores;
        return;
      default:
        throw new AppError('internal', `expected no ${event.type} from a ${claim.job.kind} job`);
    }
  }

  async recordOutputs(): Promise<void> {
    const { database, store } = this.#o;
    if (this.#scores !== null) await this.#recordScores(this.#scores);
    const unnamed = await this.#retrying(() => recordOutputs(database, this.#context.claim, this.#outputs));
    // Checkpoints of a retraining are among them, and each has its notes.
    await store.delete(unnamed.flatMap((key) => [key, notesKey(key)]));
    await this.#retrying(() => sweepAttempts(this.#context.claim, this.#o));
  }

  /** The pictures made so far are in no row: they would lie in the store until the model is deleted. */
  async discard(): Promise<void> {
    const keys = this.#outputs.map((output) => output.key);
    await this.#o.store.delete(keys).catch((error: unknown) => {
      this.#context.logger.warn({ err: error }, 'outputs.clean_up_failed');
    });
  }

  async #recordScores(scores: EvaluationScores): Promise<void> {
    const { claim } = this.#context;
    const { startScale, seed } = evaluateInputSchema.parse(claim.job.input);
    const evaluation = { id: this.#o.ids('evl'), startScale, seed, scores };
    await this.#retrying(() => recordEvaluation(this.#o.database, claim, evaluation));
  }

  async #store({ type: _, picture, ...facts }: OutputReady): Promise<void> {
    const { store, ids } = this.#o;
    const extension = picture.contentType.replace(/^.*\//, '');
    const key = this.#keys.output({ ...facts, startScale: facts.details?.startScale, extension });
    this.#outputs.push(await this.#retrying(() => storePicture(store, picture, { ...facts, key, id: ids('art') })));
  }

  #retrying<T>(work: () => Promise<T>): Promise<T> {
    return withRetries(work, retryUntilLost(this.#context));
  }
}
