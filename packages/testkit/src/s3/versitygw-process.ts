import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestEnvironment } from '../environment.ts';
import { freePort } from '../free-port.ts';
import { makeServerDirectory, removeServerDirectory, startServerProcess } from '../server-process.ts';
import { eventually } from '../signals.ts';
import { type S3Server, s3Server, TEST_ACCESS } from './s3-server.ts';

/** versitygw as a child of this process, its buckets in a temporary directory. */
export async function startVersitygwProcess(binary: string, environment: TestEnvironment): Promise<S3Server> {
  const directory = await makeServerDirectory('s3');
  await Promise.all([mkdir(join(directory, 'data')), mkdir(join(directory, 'iam'))]);
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const server = await startServerProcess({
    name: 'versitygw',
    command: binary,
    args: [...versitygwOptions(new URL(endpoint).host, join(directory, 'iam')), 'posix', join(directory, 'data')],
    env: {
      ...environment.inherited,
      ROOT_ACCESS_KEY: TEST_ACCESS.accessKeyId,
      ROOT_SECRET_KEY: TEST_ACCESS.secretAccessKey,
    },
    directory,
    ready: () =>
      eventually(async () => (await fetch(`${endpoint}/health`)).ok, { timeoutMs: 20_000, what: `${endpoint}/health` }),
  });
  const stop = async () => {
    await server.stop();
    await removeServerDirectory(directory);
  };
  return s3Server({ access: { endpoint, ...TEST_ACCESS }, source: 'versitygw', stop });
}

/**
 * --keep-alive: else every request costs a new connection. --iam-dir outside the data: else an unknown access key
 * is answered 404 instead of 403.
 */
export function versitygwOptions(address: string, iamDirectory: string): string[] {
  return ['--quiet', '--keep-alive', '--health', '/health', '--port', address, '--iam-dir', iamDirectory];
}
