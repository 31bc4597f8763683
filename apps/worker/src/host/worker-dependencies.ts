import type { Config } from '@singan/config';
import type { Database, JobListener } from '@singan/database';
import type { Clock, IdFactory } from '@singan/domain';
import type { Queues } from '@singan/queue';
import type { ObjectStore } from '@singan/storage';
import type { WebhookAgent } from '@singan/webhooks';
import type { Logger } from 'pino';

/** Everything a worker works with; whoever makes it closes it. */
export interface WorkerDependencies {
  readonly config: Config;
  readonly database: Database;
  readonly listener: JobListener;
  readonly queues: Queues;
  readonly store: ObjectStore;
  readonly webhookAgent: WebhookAgent;
  readonly clock: Clock;
  readonly ids: IdFactory;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}
