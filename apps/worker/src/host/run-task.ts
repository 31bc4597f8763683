import { ACKNOWLEDGED_EVENTS, type ChildMessage, type Task, type TaskEvent } from '../protocol.ts';
import { fromSentError } from '../sent-error.ts';
import { type Deferred, deferred } from './deferred.ts';
import { crashError, type EngineChild } from './engine-child.ts';

export interface RunTaskOptions {
  readonly child: EngineChild;
  readonly task: Task;
  /** Called for one event after the other; the child waits for those that carry bytes. A rejection ends the child. */
  onEvent(event: TaskEvent): Promise<void>;
  /** Asks the child to stop after its current step. */
  readonly stop: AbortSignal;
  /** Ends the child at once. */
  readonly lost: AbortSignal;
  /** How long the child may take to stop before it is ended. */
  readonly graceMs: number;
}

/**
 * Runs one task in a child and follows it to its end.
 * @returns `stopped` also for a child that had to be ended because it did not stop in time
 * @throws AppError what the task threw, what `onEvent` threw, the reason of `lost`, or `engine.crashed`
 */
export async function runTask(o: RunTaskOptions): Promise<'succeeded' | 'stopped'> {
  const { child, stop, lost } = o;
  const end = deferred<'succeeded' | 'stopped'>();
  const progress = new LatestProgress();
  let handled: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void> | void): void => {
    handled = handled.then(work);
    handled.catch(end.reject);
  };
  const unlisten = child.onMessage((message) => {
    if (message.type === 'event' && message.event.type === 'progress' && progress.replace(message.event)) return;
    enqueue(() => handleMessage(message, { ...o, progress, end }));
  });
  void child.exited.then((exit) => enqueue(() => end.reject(crashError(exit))));
  const onLost = (): void => end.reject(lost.reason);
  const grace = stopGracefully(o, () => end.resolve('stopped'));
  lost.addEventListener('abort', onLost, { once: true });
  try {
    lost.throwIfAborted();
    child.send({ type: 'task', task: o.task });
    if (stop.aborted) child.send({ type: 'stop' });
    return await end.promise;
  } catch (error) {
    await child.kill();
    throw error;
  } finally {
    lost.removeEventListener('abort', onLost);
    grace.cancel();
    unlisten();
  }
}

interface MessageContext extends RunTaskOptions {
  readonly progress: LatestProgress;
  readonly end: Deferred<'succeeded' | 'stopped'>;
}

async function handleMessage(message: ChildMessage, o: MessageContext): Promise<void> {
  switch (message.type) {
    case 'event': {
      await o.onEvent(o.progress.take(message.event));
      if (ACKNOWLEDGED_EVENTS.has(message.event.type)) o.child.send({ type: 'ack' });
      return;
    }
    case 'end':
      if (message.end.type === 'failed') throw fromSentError(message.end.error);
      o.end.resolve(message.end.type);
      return;
    case 'engine-started':
    case 'engine-failed':
      return;
  }
}

/** While the database is slow, progress does not pile up: the newest replaces the one that still waits. */
class LatestProgress {
  #waiting: TaskEvent | null = null;

  /** @returns whether an older one waits already, whose place this one takes */
  replace(event: TaskEvent): boolean {
    const isWaiting = this.#waiting !== null;
    this.#waiting = event;
    return isWaiting;
  }

  take(event: TaskEvent): TaskEvent {
    if (event.type !== 'progress' || this.#waiting === null) return event;
    const newest = this.#waiting;
    this.#waiting = null;
    return newest;
  }
}

/** Passes a stop on to the child, and ends the child when it does not stop in time. */
function stopGracefully(o: RunTaskOptions, onKilled: () => void): { cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    o.child.send({ type: 'stop' });
    timer = setTimeout(() => {
      onKilled();
      void o.child.kill();
    }, o.graceMs);
  };
  if (o.stop.aborted) begin();
  else o.stop.addEventListener('abort', begin, { once: true });
  return {
    cancel: () => {
      o.stop.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}
