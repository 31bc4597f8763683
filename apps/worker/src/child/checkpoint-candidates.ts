import { AppError } from '@singan/domain';
import type { CheckpointCandidate, TaskEnd } from '../protocol.ts';
import type { TaskHost } from './host-channel.ts';
import type { TrainingRun } from './training-run.ts';

/**
 * Trains from the newest checkpoint that can be read: one that cannot is refused before the first event; the older one is then tried,
 * and at last none.
 */
export async function trainFromNewest(
  checkpoints: readonly CheckpointCandidate[],
  host: TaskHost,
  begin: (candidate: CheckpointCandidate | null) => TrainingRun,
): Promise<TaskEnd> {
  const candidates: readonly (CheckpointCandidate | null)[] = [...checkpoints, null];
  for (const [n, candidate] of candidates.entries()) {
    const run = begin(candidate);
    try {
      return await run.follow();
    } catch (error) {
      const isUnreadable = error instanceof AppError && error.code === 'checkpoint.invalid' && !run.hasStarted;
      if (!isUnreadable || n === candidates.length - 1) throw error;
      const message = `A checkpoint cannot be read and is left out: ${error.message}`;
      await host.tell({ type: 'log', level: 'warn', message });
    }
  }
  throw new AppError('internal', 'expected the last candidate to end the loop');
}
