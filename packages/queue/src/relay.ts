import type { Logger } from 'pino';
import { startLoop } from './loop.ts';
import type { QueueMessage, Queues } from './queues.ts';

export interface RelayOptions {
  /** Hands waiting messages to `publish`, marks those it took and returns their number; rejects when publishing does. */
  readonly relay: (publish: (message: QueueMessage) => Promise<void>) => Promise<number>;
  /** Calls `wake` whenever messages may wait; returns how to stop that. */
  readonly listen: (wake: () => void) => () => void;
  readonly queues: Queues;
  readonly logger: Logger;
  /** How often to look without being woken. */
  readonly intervalMs: number;
}

/** Carries messages from Postgres to Redis. While either is away they wait in Postgres. */
export function startRelay(o: RelayOptions): { close(): Promise<void> } {
  const loop = startLoop({
    name: 'relay',
    logger: o.logger,
    intervalMs: o.intervalMs,
    run: async () => {
      while ((await o.relay((message) => o.queues.publish(message))) > 0);
    },
  });
  const stopListening = o.listen(() => loop.wake());
  return {
    close: async () => {
      stopListening();
      await loop.close();
    },
  };
}
