import { EventEmitter } from 'node:events';
import type { QueueMessage } from '../queues.ts';

export const PATIENCE = { timeoutMs: 30_000 };

export function message(messageId: string, changes: Partial<QueueMessage> = {}): QueueMessage {
  return { topic: 'training', messageId, payload: { jobId: messageId }, delayMs: 0, ...changes };
}

/** Messages that wait to be carried over, as the outbox table hands them out. */
export class WaitingMessages extends EventEmitter {
  readonly rows: QueueMessage[] = [];

  add(...messages: QueueMessage[]): void {
    this.rows.push(...messages);
    this.emit('added');
  }

  relay = async (publish: (message: QueueMessage) => Promise<void>): Promise<number> => {
    let count = 0;
    for (let row = this.rows[0]; row !== undefined; row = this.rows[0], count++) {
      try {
        await publish(row);
      } catch (error) {
        this.emit('refused', error);
        throw error;
      }
      this.rows.shift();
      this.emit('carried', row.messageId);
    }
    return count;
  };

  listen = (wake: () => void): (() => void) => {
    this.on('added', wake);
    return () => this.off('added', wake);
  };
}

/** What a handler got, as events. */
export class Received extends EventEmitter {
  readonly ids: string[] = [];

  handler = async ({ jobId }: { jobId: string }): Promise<void> => {
    this.ids.push(jobId);
    this.emit('received', jobId);
  };

  next(jobId: string): Promise<void> {
    return new Promise((resolve) => {
      const check = (id: string) => {
        if (id !== jobId) return;
        this.off('received', check);
        resolve();
      };
      this.on('received', check);
    });
  }
}
