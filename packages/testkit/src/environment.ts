/**
 * What the tests take from outside. The one place of the testkit that reads process.env; the product reads it in @singan/config,
 * which test servers cannot use because they are what its values point at.
 */
export interface TestEnvironment {
  readonly isCi: boolean;
  readonly s3: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string } | null;
  /** Where a Docker engine listens, if not at a usual socket. */
  readonly dockerHost: string | null;
  readonly path: string;
  readonly home: string;
  readonly cacheHome: string | null;
  /** Handed on to the servers that tests start. */
  readonly inherited: NodeJS.ProcessEnv;
}

export function readTestEnvironment(env: NodeJS.ProcessEnv = process.env): TestEnvironment {
  const {
    CI,
    PATH,
    HOME,
    XDG_CACHE_HOME,
    S3_ENDPOINT,
    S3_REGION,
    S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY,
    DOCKER_HOST,
  } = env;
  if (S3_ENDPOINT && !(S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY)) {
    throw new Error('S3_ENDPOINT is set: expected S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY beside it');
  }
  return {
    isCi: CI === 'true' || CI === '1',
    s3:
      S3_ENDPOINT && S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY
        ? {
            endpoint: S3_ENDPOINT,
            region: S3_REGION ?? 'us-east-1',
            accessKeyId: S3_ACCESS_KEY_ID,
            secretAccessKey: S3_SECRET_ACCESS_KEY,
          }
        : null,
    dockerHost: DOCKER_HOST || null,
    path: PATH ?? '',
    home: HOME ?? '',
    cacheHome: XDG_CACHE_HOME || null,
    inherited: env,
  };
}
