import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, hillsPicture } from '@singan/testkit';
import { afterAll, afterEach, expect, test } from 'vitest';
import { ServiceClient } from './demo/service-client.ts';
import { CommandProcess, processesOf } from './testing/start-process.ts';

const TINY = { maxSize: 40, minSize: 16, iterations: 2, baseChannels: 4, maxChannels: 4 };
const data = mkdtempSync(path.join(tmpdir(), 'local-test-'));
// User postgres must get in.
chmodSync(data, 0o755);
const started: CommandProcess[] = [];

afterEach(async () => {
  for (const command of started.splice(0)) {
    command.process.kill('SIGTERM');
    await command.exited;
  }
});
afterAll(() => rm(data, { recursive: true }));

async function start(): Promise<{ command: CommandProcess; client: ServiceClient }> {
  const command = new CommandProcess('start.mjs', ['--port', '0', '--data', data]);
  started.push(command);
  const [, url = ''] = await command.said(/Page +(\S+)/);
  return { command, client: new ServiceClient(url, AbortSignal.timeout(100_000)) };
}

function whenAllEnded(): Promise<unknown> {
  return eventually(() => processesOf(data).length === 0, { timeoutMs: 60_000, what: 'the end of all processes' });
}

test('a model survives a stop and a kill -9, no process is left behind, and a second instance is refused', async () => {
  const first = await start();
  const image = await hillsPicture({ width: 40, height: 30, seed: 1 });
  const { model, job } = await first.client.createModel({ image, name: 'kept', config: TINY });
  expect(await first.client.follow(job, () => {})).toMatchObject({ state: 'succeeded' });

  const second = new CommandProcess('start.mjs', ['--port', '0', '--data', data]);
  expect(await second.exited).toMatchObject({ code: 1 });
  const refusal = `in use by another instance (process ${first.command.process.pid}). Stop that one, or give another`;
  expect(second.output).toContain(refusal);

  first.command.process.kill('SIGTERM');
  expect(await first.command.exited).toEqual({ code: 0, signal: null });
  expect(processesOf(data)).toEqual([]);

  const again = await start();
  expect(await again.client.model(model.id)).toMatchObject({ name: 'kept', state: 'ready' });
  again.command.process.kill('SIGKILL');
  await again.command.exited;

  // At once, while what the killed one has left behind is still there.
  const third = await start();
  expect(await third.client.model(model.id)).toMatchObject({ name: 'kept', state: 'ready' });
  third.command.process.kill('SIGKILL');
  await third.command.exited;
  // And nobody starts again: the guard stops everything.
  await whenAllEnded();
});

test('a crashed worker is started again, and said so', async () => {
  const { command } = await start();
  const worker = processesOf(data).find((line) => line.includes('worker/src/main.ts'));
  process.kill(Number.parseInt(worker ?? '', 10), 'SIGKILL');
  await command.said(/The worker ended unexpectedly \(SIGKILL\); starting it again in 1 s/);
  await eventually(() => processesOf(data).some((line) => line.includes('worker/src/main.ts')), {
    timeoutMs: 30_000,
    what: 'the new worker',
  });
  command.process.kill('SIGINT');
  expect(await command.exited).toEqual({ code: 0, signal: null });
  await whenAllEnded();
});

test('a port in use is named, and nothing stays running', async () => {
  const { command } = await start();
  const [, port = ''] = await command.said(/Page +http:\/\/127\.0\.0\.1:(\d+)/);
  const other = mkdtempSync(path.join(tmpdir(), 'local-other-'));
  const second = new CommandProcess('start.mjs', ['--port', port, '--data', other]);
  expect(await second.exited).toMatchObject({ code: 1 });
  expect(second.output).toContain(`Port ${port} is in use by another program. Give a free one with --port.`);
  expect(processesOf(other)).toEqual([]);
  await rm(other, { recursive: true });
});
