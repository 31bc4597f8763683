import { existsSync } from 'node:fs';
import { getJob, newestCheckpoints, scaleFiles } from '@singan/database';
import { eventually } from '@singan/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TestServices } from './testing/test-services.ts';
import { type TinyTraining, tinyTraining, trainUndisturbed } from './testing/tiny-training.ts';
import { WorkerProcess } from './testing/worker-process.ts';

let services: TestServices;
let training: TinyTraining;
let undisturbed: Uint8Array[];
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  services = await TestServices.start();
  training = await tinyTraining(60);
  undisturbed = await trainUndisturbed(training);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.end()));
});
afterAll(() => services.stop());

function startWorker(): WorkerProcess {
  const worker = new WorkerProcess({ ...services.environment, PATH: '/usr/bin:/bin' });
  workers.push(worker);
  return worker;
}

/** Until a scale is done and the next one is on its way. */
function whenUnderWay(jobId: string) {
  const isUnderWay = (scale: number, iteration: number): boolean => scale >= 1 && iteration >= 1;
  return services.whenJob(jobId, 'a second scale', ({ progress }) =>
    progress === null ? false : isUnderWay(progress.scale, progress.iteration),
  );
}

async function expectUndisturbedBytes(modelId: string): Promise<void> {
  const files = await services.scaleBytes(modelId);
  expect(files.map((file, n) => file.equals(undisturbed[n] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
}

/** As if the lease had run out long ago. */
async function endLease(jobId: string): Promise<void> {
  await services.database.query(
    (client) => client.$executeRaw`UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE id = ${jobId}`,
  );
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

test('SIGKILL of the host: its child ends too, and another host finishes the job with the same bytes', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const first = startWorker();
  const childPid = Number((await first.logged('child.started')).childPid);
  await whenUnderWay(jobId);
  expect(isAlive(childPid)).toBe(true);
  await first.end();
  await eventually(() => !isAlive(childPid), { timeoutMs: 30_000, what: 'the end of the orphaned child' });
  expect(await getJob(services.database, jobId)).toMatchObject({ state: 'running' });

  await endLease(jobId);
  startWorker();
  expect(await services.whenEnded(jobId)).toMatchObject({ state: 'succeeded', attempts: 2 });
  await expectUndisturbedBytes(modelId);
});

test('SIGTERM: the job is handed back within ten seconds, and another worker goes on from the same iteration', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const first = startWorker();
  await whenUnderWay(jobId);
  const beganMs = performance.now();
  first.process.kill('SIGTERM');
  expect(await first.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - beganMs).toBeLessThan(10_000);
  expect(await getJob(services.database, jobId)).toMatchObject({ state: 'queued', attempts: 1 });
  const scale = (await services.scaleBytes(modelId)).length;
  const [checkpoint] = await newestCheckpoints(services.database, modelId, scale);

  startWorker();
  expect(await services.whenEnded(jobId)).toMatchObject({ state: 'succeeded', attempts: 2 });
  const resumed = `Resumed at scale ${scale} after iteration ${checkpoint?.iteration}.`;
  expect(await services.logMessages(jobId)).toEqual(checkpoint === undefined ? [] : [resumed]);
  await expectUndisturbedBytes(modelId);
});

test('a host that sleeps past its lease changes nothing when it wakes', async () => {
  const { modelId, jobId } = await services.createModel(training);
  const first = startWorker();
  await whenUnderWay(jobId);
  first.process.kill('SIGSTOP');
  await endLease(jobId);
  const second = startWorker();
  expect(await services.whenEnded(jobId)).toMatchObject({ state: 'succeeded', attempts: 2 });
  const files = await scaleFiles(services.database, modelId);
  first.process.kill('SIGCONT');
  await first.logged('job.lease_lost');
  expect(await scaleFiles(services.database, modelId)).toEqual(files);
  await expectUndisturbedBytes(modelId);
  second.process.kill('SIGTERM');
  expect(await second.exited).toEqual({ code: 0, signal: null });
});

test('an environment that is not valid ends the start with every fault in one message', async () => {
  const { DATABASE_URL: _, ...environment } = services.environment;
  const worker = new WorkerProcess({ ...environment, WORKER_ROLES: 'training,cooking' });
  workers.push(worker);
  expect(await worker.exited).toEqual({ code: 1, signal: null });
});
