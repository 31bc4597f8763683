import { AppError } from '@singan/domain';

export interface ConcurrencyLimits {
  readonly running: number;
  readonly waiting: number;
}

export type RunInTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** Runs at most so many tasks at once and lets so many wait, in order. @throws AppError `service.overloaded` beyond that */
export function limitConcurrency({ running, waiting }: ConcurrencyLimits): RunInTurn {
  const queue: (() => void)[] = [];
  let active = 0;
  return async (task) => {
    if (active >= running && queue.length >= waiting) {
      throw new AppError('service.overloaded', `${active} tasks run and ${queue.length} wait already.`);
    }
    if (active >= running) await new Promise<void>((resolve) => queue.push(resolve));
    else active += 1;
    try {
      return await task();
    } finally {
      // A finished task hands its place to the next in line, so `active` changes only when nobody waits.
      const next = queue.shift();
      if (next === undefined) active -= 1;
      else next();
    }
  };
}
