import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestEnvironment } from '../environment.ts';
import { type S3Server, s3Server, TEST_ACCESS } from './s3-server.ts';
import { VERSITYGW_VERSION } from './versitygw-binary.ts';
import { versitygwOptions } from './versitygw-process.ts';

const PORT = 7070;

/** Docker, rootless Docker, Docker Desktop, Podman's stand-in: looked at first because the client alone takes seconds to load. */
function usualSockets(home: string): string[] {
  const uid = process.getuid?.() ?? 0;
  return [
    '/var/run/docker.sock',
    `/run/user/${uid}/docker.sock`,
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
  ];
}

/** versitygw in a container, where a Docker engine answers; else the reason why not. */
export async function startVersitygwContainer(environment: TestEnvironment): Promise<S3Server | { reason: string }> {
  if (environment.dockerHost === null && !usualSockets(environment.home).some(existsSync))
    return { reason: 'no Docker engine is there' };
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers'); // late: it takes seconds
  try {
    await getContainerRuntimeClient();
  } catch {
    return { reason: 'no Docker engine answers' };
  }
  try {
    const container = await new GenericContainer(`versity/versitygw:v${VERSITYGW_VERSION}`)
      .withEnvironment({ ROOT_ACCESS_KEY: TEST_ACCESS.accessKeyId, ROOT_SECRET_KEY: TEST_ACCESS.secretAccessKey })
      .withCommand([...versitygwOptions(`:${PORT}`, '/tmp/vgw'), 'posix', '/srv'])
      .withExposedPorts(PORT)
      .withWaitStrategy(Wait.forHttp('/health', PORT))
      .start();
    const endpoint = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;
    return s3Server({
      access: { endpoint, ...TEST_ACCESS },
      source: 'versitygw in Docker',
      stop: async () => void (await container.stop()),
    });
  } catch (error) {
    return {
      reason: `a Docker engine answers, but the container did not start: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
