import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { MaintenanceMessage, WebhookMessage, WorkMessage } from '@singan/contracts';
import type { WorkQueue } from '@singan/domain';
import { type Consumer, startConsumer } from '@singan/queue';
import { createJobHandlers } from '../handlers/job-handlers.ts';
import { purge } from '../handlers/maintenance.ts';
import { attemptDelivery } from '../handlers/webhook.ts';
import type { EngineSettings } from '../protocol.ts';
import { type ChildSource, freshChildren } from './child-source.ts';
import { startDispatch } from './dispatch.ts';
import { readEngineSettings } from './engine-settings.ts';
import { Heartbeat } from './heartbeat.ts';
import { runJob } from './job-runner.ts';
import { StandbyChild } from './standby-child.ts';
import type { WorkerDependencies } from './worker-dependencies.ts';

/** Deliveries wait for receivers, not for this process. */
const WEBHOOK_CONCURRENCY = 8;
/** How long a child may take to come to the end of its step. Storing a checkpoint and ending fit in what is left of 10 s. */
const CHILD_GRACE_MS = 7000;
const WEBHOOK_CLOSE_MS = 1000;

export interface Worker {
  readonly id: string;
  /** Takes no more work, hands back what runs, and ends its children. */
  close(): Promise<void>;
}

/** Starts to consume the queues of the configured roles. @throws AppError `config.invalid` for weights that cannot be read */
export async function startWorker(o: WorkerDependencies): Promise<Worker> {
  const running = new RunningWorker(o, await readEngineSettings(o.config));
  await o.listener.ready;
  running.start();
  return running;
}

type Closer = () => Promise<void>;

class RunningWorker implements Worker {
  readonly id: string;
  readonly #o: WorkerDependencies;
  readonly #engine: EngineSettings;
  readonly #shutdown = new AbortController();
  readonly #heartbeat: Heartbeat;
  readonly #consumers: Consumer[] = [];
  readonly #others: Closer[] = [];

  constructor(o: WorkerDependencies, engine: EngineSettings) {
    this.#o = o;
    this.#engine = engine;
    this.id = o.ids('wrk');
    const { database, logger, clock, config } = o;
    const startedAt = clock.now();
    const worker = { id: this.id, roles: config.worker.roles, host: hostname(), pid: process.pid, startedAt };
    this.#heartbeat = new Heartbeat({ database, logger, worker });
  }

  start(): void {
    const { roles } = this.#o.config.worker;
    if (roles.includes('training')) this.#startTraining();
    if (roles.includes('generation')) this.#startGeneration();
    if (roles.includes('webhooks')) this.#startWebhooks();
    if (roles.includes('maintenance')) this.#startMaintenance();
    this.#o.logger.info({ workerId: this.id, roles }, 'worker.started');
  }

  async close(): Promise<void> {
    this.#shutdown.abort();
    // No new message is taken; those in work come to their end by the signal above.
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
    await Promise.all(this.#others.map((close) => close()));
    await this.#heartbeat.close();
    this.#o.logger.info({ workerId: this.id }, 'worker.stopped');
  }

  #startTraining(): void {
    this.#consumeJobs('training', freshChildren(this.#engine));
  }

  #startGeneration(): void {
    const standby = new StandbyChild(this.#engine);
    standby.current.engine.then(
      (engine) => this.#heartbeat.setEngine(engine),
      (error: unknown) => this.#o.logger.error({ err: error }, 'engine.failed'),
    );
    this.#others.push(() => standby.close());
    this.#consumeJobs('generation', standby);
  }

  #startWebhooks(): void {
    const { config, webhookAgent: agent } = this.#o;
    const options = { ...this.#o, agent, signingSecret: config.webhooks.signingSecret };
    const handler = (message: WebhookMessage): Promise<void> => attemptDelivery(message.deliveryId, options);
    const { redis } = config;
    const consumer = { redisUrl: redis.url, concurrency: WEBHOOK_CONCURRENCY, handler, logger: this.#o.logger };
    // A receiver that hangs does not hold up the end: an attempt that is not recorded is made again.
    const webhooks = startConsumer('webhooks', consumer);
    this.#others.push(() => Promise.race([webhooks.close(), delay(WEBHOOK_CLOSE_MS)]));
  }

  #startMaintenance(): void {
    const { config, logger } = this.#o;
    const relay = startDispatch(this.#o);
    this.#others.push(() => relay.close());
    const handler = (message: MaintenanceMessage): Promise<void> => purge(message.modelId, this.#o);
    const consumer = { redisUrl: config.redis.url, concurrency: 1, handler, logger };
    this.#consumers.push(startConsumer('maintenance', consumer));
  }

  #consumeJobs(topic: WorkQueue, children: ChildSource): void {
    const { database, store, ids, listener, logger, config } = this.#o;
    const { leaseMs, checkpointIntervalMs } = config.worker;
    const handlers = createJobHandlers({
      ...{ database, store, ids, children, checkpointIntervalMs },
      maxPixels: config.samples.maxPixels,
      graceMs: CHILD_GRACE_MS,
      onEngine: this.#heartbeat.setEngine.bind(this.#heartbeat),
    });
    const runner = { database, listener, logger, workerId: this.id, leaseMs, shutdown: this.#shutdown.signal };
    const handler = (message: WorkMessage): Promise<void> => runJob(message.jobId, handlers, runner);
    // One at a time: a job takes every core that its engine can use.
    this.#consumers.push(startConsumer(topic, { redisUrl: config.redis.url, concurrency: 1, handler, logger }));
  }
}
