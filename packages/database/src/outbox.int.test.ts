import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createModel } from './create-model.ts';
import { createJob } from './jobs.ts';
import { finishJob } from './leases.ts';
import { deleteModel, purgeModel } from './models.ts';
import { relayOutbox } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import type { OutboxMessage } from './records.ts';
import {
  createClaimed,
  mustClaim,
  newId,
  newModel,
  openTestDatabase,
  SAMPLE_INPUT,
  type TestDatabase,
  webhookFor,
} from './test-support/fixtures.ts';
import { getDelivery, recordDeliveryAttempt } from './webhooks.ts';

const servers: TestDatabase[] = [];
let server: TestDatabase;
beforeEach(async () => {
  server = await openTestDatabase(await createTestDatabase());
  servers.push(server);
});
afterAll(() => Promise.all(servers.map((each) => each.close())));

const createModels = async (count: number) => {
  for (let i = 0; i < count; i++) await createModel(server.db, newModel());
};
async function relayAll(limit = 100): Promise<OutboxMessage[]> {
  const published: OutboxMessage[] = [];
  const publish = async (message: OutboxMessage) => void published.push(message);
  while ((await relayOutbox(server.db, { limit, publish })) > 0);
  return published;
}
const knowsNothing = async () => new Set<string>();
const knowsAll = async (_topic: string, ids: readonly string[]) => new Set(ids);

test('a job goes to the queue of its kind, under an id made of its own and the number of the message', async () => {
  const { model, job } = await createModel(server.db, newModel());
  const input = { jobId: newId('job'), kind: 'sample', modelId: model.id, input: SAMPLE_INPUT, webhook: null } as const;
  const sample = await createJob(server.db, input);
  expect(await relayAll()).toMatchObject([
    { topic: 'training', messageId: `${job.id}-1`, payload: { jobId: job.id }, delayMs: 0 },
    { topic: 'generation', messageId: `${sample.id}-1`, payload: { jobId: sample.id }, delayMs: 0 },
  ]);
});

test('three relays at work at once publish each message once', async () => {
  await createModels(30);
  const published = await Promise.all([relayAll(4), relayAll(4), relayAll(4)]);
  const ids = published.flat().map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(30);
  expect(ids).toHaveLength(30);
});

test('a crash between publishing and marking publishes again, under the same id', async () => {
  const { job } = await createModel(server.db, newModel());
  const seen: string[] = [];
  const crash = relayOutbox(server.db, {
    limit: 10,
    publish: async ({ messageId }) => {
      seen.push(messageId);
      // the connection of the relay dies with the message already out
      await server.sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'singan'`,
      );
    },
  });
  await expect(crash).rejects.toMatchObject({ code: 'database.unavailable' });
  expect(seen).toEqual([`${job.id}-1`]);
  expect((await relayAll()).map(({ messageId }) => messageId)).toEqual([`${job.id}-1`]);
});

test('when publishing fails, what was published before stays marked and the rest waits', async () => {
  await createModels(3);
  const seen: string[] = [];
  const publish = async ({ messageId }: OutboxMessage) => {
    if (seen.length === 1) throw new Error('Redis went away');
    seen.push(messageId);
  };
  await expect(relayOutbox(server.db, { limit: 10, publish })).rejects.toThrow('Redis went away');
  const rest = await relayAll();
  expect(rest).toHaveLength(2);
  expect(rest.map(({ messageId }) => messageId)).not.toContain(seen[0]);
});

test('reconciling sends again what Redis lost and is still waited for, and only that', async () => {
  const { job } = await createModel(server.db, newModel());
  const { job: claimed } = await createModel(server.db, newModel());
  await relayAll();
  await mustClaim(server.db, claimed.id);
  expect(await reconcile(server.db, { isKnown: knowsAll })).toEqual({ expired: 0, redispatched: 0 });
  expect(await relayAll()).toEqual([]);
  expect(await reconcile(server.db, { isKnown: knowsNothing })).toEqual({ expired: 0, redispatched: 1 });
  expect(await relayAll()).toMatchObject([{ messageId: `${job.id}-1` }]);
});

test('a message that was taken while Redis was asked is not sent again', async () => {
  const { job } = await createModel(server.db, newModel());
  await relayAll();
  const isKnown = async () => {
    await server.sql.query(`UPDATE jobs SET state = 'canceled', finished_at = now() WHERE id = $1`, [job.id]);
    return new Set<string>();
  };
  expect(await reconcile(server.db, { isKnown })).toEqual({ expired: 0, redispatched: 0 });
});

test('old rows that nothing waits for are removed, the others stay', async () => {
  const { job } = await createModel(server.db, newModel());
  const { claim } = await createClaimed(server.db);
  await relayAll();
  await finishJob(server.db, claim, { state: 'canceled' });
  await server.sql.query(`UPDATE outbox SET dispatched_at = dispatched_at - interval '2 hours'`);
  await reconcile(server.db, { isKnown: knowsAll });
  expect((await server.sql.query('SELECT subject_id FROM outbox')).rows).toEqual([{ subject_id: job.id }]);
});

test('webhooks are announced with the change they tell of, tried again later, and logged', async () => {
  const webhook = webhookFor('job.started', 'model.failed', 'job.failed');
  const { claim, job, model } = await createClaimed(server.db, { webhook });
  const error = { code: 'engine.crashed', title: 'x', detail: 'y', retryable: true };
  await finishJob(server.db, claim, { state: 'failed', error });
  const ids = (await relayAll())
    .filter(({ topic }) => topic === 'webhooks')
    .map(({ payload: { deliveryId } }) => String(deliveryId));
  const deliveries = await Promise.all(ids.map((id) => getDelivery(server.db, id)));
  expect(deliveries.map((delivery) => [delivery?.type, delivery?.payload.data.state])).toEqual([
    ['job.started', 'running'],
    ['job.failed', 'failed'],
    ['model.failed', 'failed'],
  ]);
  expect(deliveries[1]?.payload.data).toMatchObject({ jobId: job.id, modelId: model.id, error });

  const [id = ''] = ids;
  const at = new Date(Date.now() + 300_000);
  await recordDeliveryAttempt(server.db, id, { delivered: false, status: 500, reason: 'status 500' }, at);
  expect(await getDelivery(server.db, id)).toMatchObject({ state: 'pending', attempts: 1, nextAttemptAt: at });
  const [retry] = await relayAll();
  expect(retry).toMatchObject({ messageId: `${id}-2` });
  expect(retry?.delayMs).toBeGreaterThan(200_000);
  await recordDeliveryAttempt(server.db, id, { delivered: true, status: 204, reason: null }, null);
  await recordDeliveryAttempt(server.db, id, { delivered: false, status: 500, reason: 'late' }, at);
  expect(await getDelivery(server.db, id)).toMatchObject({ state: 'delivered', attempts: 2 });
  const { rows } = await server.sql.query('SELECT attempt, status, reason FROM webhook_attempts ORDER BY attempt');
  expect(rows).toEqual([
    { attempt: 1, status: 500, reason: 'status 500' },
    { attempt: 2, status: 204, reason: null },
  ]);
});

test('a delivery outlives the model it tells of', async () => {
  const { model, job } = await createModel(server.db, newModel({ webhook: webhookFor('job.canceled') }));
  await deleteModel(server.db, model.id);
  expect(await purgeModel(server.db, model.id)).toBe('purged');
  const { rows } = await server.sql.query('SELECT id FROM webhook_deliveries WHERE job_id = $1', [job.id]);
  expect(await getDelivery(server.db, rows[0]?.id)).toMatchObject({ type: 'job.canceled', state: 'pending' });
});
