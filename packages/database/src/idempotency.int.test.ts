import { createTestDatabase } from '@singan/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createModel } from './create-model.ts';
import { abandonIdempotent, beginIdempotent, completeIdempotent } from './idempotency.ts';
import { getModel } from './models.ts';
import { newModel, openTestDatabase, type TestDatabase } from './test-support/fixtures.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await openTestDatabase(await createTestDatabase());
});
afterAll(() => server.close());

const RESPONSE = { status: 202, body: { id: 'x' }, headers: { location: '/models/x' } };
const age = (key: string, interval: string) =>
  server.sql.query('UPDATE idempotency_keys SET created_at = now() - $2::interval WHERE key = $1', [key, interval]);

test('of ten requests at once with one key, one is new and the others wait for it', async () => {
  const request = { key: 'ten', fingerprint: 'f' };
  const starts = await Promise.all(Array.from({ length: 10 }, () => beginIdempotent(server.db, request)));
  expect(starts.map(({ kind }) => kind).sort()).toEqual([...Array(9).fill('inFlight'), 'new']);
});

test('the same request gets the stored answer, another one with the same key is refused', async () => {
  await beginIdempotent(server.db, { key: 'replay', fingerprint: 'f' });
  expect(await beginIdempotent(server.db, { key: 'replay', fingerprint: 'g' })).toEqual({ kind: 'mismatch' });
  await completeIdempotent(server.db, 'replay', RESPONSE);
  expect(await beginIdempotent(server.db, { key: 'replay', fingerprint: 'f' })).toEqual({
    kind: 'replay',
    ...RESPONSE,
  });
  expect(await beginIdempotent(server.db, { key: 'replay', fingerprint: 'g' })).toEqual({ kind: 'mismatch' });
});

test('an abandoned key is new again', async () => {
  await beginIdempotent(server.db, { key: 'abandoned', fingerprint: 'f' });
  await abandonIdempotent(server.db, 'abandoned');
  expect(await beginIdempotent(server.db, { key: 'abandoned', fingerprint: 'g' })).toEqual({ kind: 'new' });
});

test('a key that got no answer for five minutes is taken over by the same request only', async () => {
  await beginIdempotent(server.db, { key: 'stuck', fingerprint: 'f' });
  await age('stuck', '6 minutes');
  expect(await beginIdempotent(server.db, { key: 'stuck', fingerprint: 'g' })).toEqual({ kind: 'mismatch' });
  expect(await beginIdempotent(server.db, { key: 'stuck', fingerprint: 'f' })).toEqual({ kind: 'new' });
  expect(await beginIdempotent(server.db, { key: 'stuck', fingerprint: 'f' })).toEqual({ kind: 'inFlight' });
});

test('an answer lasts a day', async () => {
  await beginIdempotent(server.db, { key: 'old', fingerprint: 'f' });
  await completeIdempotent(server.db, 'old', RESPONSE);
  await age('old', '23 hours');
  expect(await beginIdempotent(server.db, { key: 'old', fingerprint: 'f' })).toMatchObject({ kind: 'replay' });
  await age('old', '25 hours');
  expect(await beginIdempotent(server.db, { key: 'old', fingerprint: 'g' })).toEqual({ kind: 'new' });
});

test('a create stores its answer with what it made; when another was quicker, it makes nothing', async () => {
  await beginIdempotent(server.db, { key: 'create', fingerprint: 'f' });
  const respond = ({ model }: { model: { id: string } }) => ({ ...RESPONSE, body: { id: model.id } });
  const wanted = [1, 2].map(() => newModel({ idempotency: { key: 'create', respond } }));
  const results = await Promise.allSettled(wanted.map((each) => createModel(server.db, each)));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused).toMatchObject([{ reason: { code: 'idempotency.in_flight' } }]);
  const models = await Promise.all(wanted.map(({ modelId }) => getModel(server.db, modelId)));
  const made = models.filter((model) => model !== null);
  expect(made).toHaveLength(1);
  const replay = await beginIdempotent(server.db, { key: 'create', fingerprint: 'f' });
  expect(replay).toMatchObject({ kind: 'replay', body: { id: made[0]?.id } });
});
