import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestEnvironment } from '../environment.ts';
import { withFileLock } from '../file-lock.ts';
import { findOnPath } from '../find-on-path.ts';

export const VERSITYGW_VERSION = '1.8.0';
const MODULE = `github.com/versity/versitygw/cmd/versitygw@v${VERSITYGW_VERSION}`;
const BUILD_TIMEOUT_MS = 590_000;

/** Path of the S3 server versitygw: on PATH, else in our cache, else built into it by the Go client (2-3 minutes, once). */
export async function versitygwBinary(environment: TestEnvironment): Promise<{ path: string } | { reason: string }> {
  const installed = await findOnPath('versitygw', environment.path);
  if (installed !== null) return { path: installed };
  const cache = join(
    environment.cacheHome ?? join(environment.home, '.cache'),
    'singan-service',
    `versitygw-${VERSITYGW_VERSION}`,
  );
  const cached = join(cache, 'versitygw');
  if (await isExecutable(cached)) return { path: cached };
  const go = await findOnPath('go', environment.path);
  if (go === null)
    return {
      reason: `versitygw is neither on PATH nor in ${cache}, and there is no Go client (1.25 or newer) to build it`,
    };
  try {
    await mkdir(cache, { recursive: true });
    await withFileLock(join(cache, 'lock'), { timeoutMs: BUILD_TIMEOUT_MS }, async () => {
      if (!(await isExecutable(cached))) await build({ go, cache, target: cached, env: environment.inherited });
    });
    return { path: cached };
  } catch (error) {
    return { reason: `building versitygw failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function build(o: { go: string; cache: string; target: string; env: NodeJS.ProcessEnv }): Promise<void> {
  const directory = await mkdtemp(join(o.cache, 'build-'));
  const { GOFLAGS } = o.env;
  // -modcacherw: else the module cache is read-only and cannot be removed by the usual means
  const env = { ...o.env, GOBIN: directory, CGO_ENABLED: '0', GOFLAGS: `${GOFLAGS ?? ''} -modcacherw`.trim() };
  try {
    await promisify(execFile)(o.go, ['install', '-trimpath', '-ldflags', '-s -w', MODULE], {
      env,
      timeout: BUILD_TIMEOUT_MS,
    });
    await rename(join(directory, 'versitygw'), o.target); // complete or absent, also when this process is killed
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
