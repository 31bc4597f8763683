import { readTestEnvironment } from '../environment.ts';
import { type S3Server, type S3Unavailable, s3Server } from './s3-server.ts';
import { versitygwBinary } from './versitygw-binary.ts';
import { startVersitygwContainer } from './versitygw-container.ts';
import { startVersitygwProcess } from './versitygw-process.ts';

/**
 * An S3 server for a suite: the one S3_ENDPOINT names, else versitygw in Docker, else versitygw from PATH, the cache or
 * built by the Go client. Where none can be had: the reason, with which a suite skips itself by name; in CI that is an error.
 */
export async function startS3(environment = readTestEnvironment()): Promise<S3Server | S3Unavailable> {
  if (environment.s3 !== null)
    return s3Server({ access: environment.s3, source: 'S3_ENDPOINT', stop: async () => undefined });
  const container = await startVersitygwContainer(environment);
  if (!('reason' in container)) return container;
  const binary = await versitygwBinary(environment);
  if ('path' in binary) return startVersitygwProcess(binary.path, environment);
  const reason = `S3_ENDPOINT is not set; ${container.reason}; ${binary.reason}`;
  if (environment.isCi) throw new Error(`in CI the tests on S3 must run: ${reason}`);
  return { reason };
}
