import type { AppError } from '@singan/domain';
import { describe, expect, it } from 'vitest';
import { type Environment, loadConfig, redactConfig } from './index.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

/** The least that must be given. */
const REQUIRED = {
  DATABASE_URL: 'postgres://singan:hunter2@db:5432/singan',
  REDIS_URL: 'redis://:hunter3@redis:6379',
  WEBHOOK_SIGNING_SECRET: SECRET,
};

const S3 = {
  STORAGE: 's3',
  S3_BUCKET: 'pictures',
  S3_ACCESS_KEY_ID: 'hunter4',
  S3_SECRET_ACCESS_KEY: 'hunter5',
};

function faultsOf(env: Environment): AppError {
  try {
    loadConfig(env);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('the environment was accepted');
}

function faultyNames(env: Environment): string[] {
  return faultsOf({ ...REQUIRED, ...env }).errors.map(({ pointer }) => pointer.slice(1));
}

describe('a valid environment', () => {
  it('becomes a configuration with every default filled in', () => {
    expect(loadConfig(REQUIRED)).toEqual({
      http: {
        host: '127.0.0.1',
        port: 8080,
        publicUrl: 'http://127.0.0.1:8080',
        auth: 'none',
        rateLimitPerMinute: 600,
      },
      database: { url: REQUIRED.DATABASE_URL },
      redis: { url: REQUIRED.REDIS_URL },
      storage: { kind: 'local', directory: '.data/storage' },
      engine: { choice: 'auto' },
      worker: {
        roles: ['training', 'generation', 'webhooks', 'maintenance'],
        memoryLimitBytes: 8 * 2 ** 30,
        checkpointIntervalMs: 60_000,
        leaseMs: 30_000,
      },
      evaluation: {},
      uploads: { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000, maxSidePx: 30_000 },
      samples: { maxPixels: 4_000_000 },
      webhooks: { signingSecret: SECRET, allowPrivate: false },
      log: { level: 'info' },
    });
  });

  it('overrides each default', () => {
    const config = loadConfig({
      ...REQUIRED,
      ...S3,
      HOST: '::1',
      PORT: '0',
      PUBLIC_URL: 'https://singan.example.org/base/',
      S3_ENDPOINT: 'http://s3:9000',
      S3_FORCE_PATH_STYLE: 'false',
      ENGINE: 'cpu',
      SIFID_WEIGHTS: '/srv/weights.safetensors',
      WORKER_ROLES: ' webhooks , training ',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      LOG_LEVEL: 'silent',
      SAMPLE_MAX_PIXELS: '1000',
    });
    expect(config.http).toMatchObject({ host: '::1', port: 0, publicUrl: 'https://singan.example.org/base' });
    expect(config.storage).toEqual({
      kind: 's3',
      endpoint: 'http://s3:9000',
      region: 'us-east-1',
      bucket: 'pictures',
      accessKeyId: 'hunter4',
      secretAccessKey: 'hunter5',
      forcePathStyle: false,
    });
    expect(config).toMatchObject({
      engine: { choice: 'cpu' },
      evaluation: { sifidWeights: '/srv/weights.safetensors' },
      worker: { roles: ['webhooks', 'training'] },
      webhooks: { allowPrivate: true },
      log: { level: 'silent' },
      samples: { maxPixels: 1000 },
    });
  });

  it('derives the public URL from host and port, an IPv6 host in brackets', () => {
    expect(loadConfig({ ...REQUIRED, HOST: '::1', PORT: '81' }).http.publicUrl).toBe('http://[::1]:81');
  });

  it('treats blank variables as absent and ignores unknown ones', () => {
    expect(loadConfig({ ...REQUIRED, PORT: ' ', S3_BUCKET: '', HOME: '/root' })).toEqual(loadConfig(REQUIRED));
  });

  it('leaves the endpoint of AWS out', () => {
    expect(loadConfig({ ...REQUIRED, ...S3 }).storage).not.toHaveProperty('endpoint');
  });

  it('is frozen down to its leaves', () => {
    const config = loadConfig(REQUIRED);
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.worker.roles, ['maintenance'])).toThrow(TypeError);
  });
});

describe('a faulty environment', () => {
  it('is refused with all faults at once, each with what was expected and what was got', () => {
    const error = faultsOf({ ...REQUIRED, DATABASE_URL: undefined, PORT: '70000', ENGINE: 'gpu', LEASE_MS: '30s' });
    expect(error.code).toBe('config.invalid');
    expect(error.message.split('\n')).toEqual([
      'The environment is not valid:',
      '  PORT: expected a whole number from 0 to 65535; got "70000"',
      '  DATABASE_URL: expected a URL that begins with postgres:// or postgresql://; got nothing',
      '  ENGINE: expected one of auto, native, wasm, cpu; got "gpu"',
      '  LEASE_MS: expected a whole number of milliseconds from 1000 to 600000; got "30s"',
    ]);
    expect(error.errors[0]).toEqual({
      pointer: '/PORT',
      detail: 'expected a whole number from 0 to 65535; got "70000"',
    });
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['UPLOAD_MAX_BYTES', '1e7'],
    ['WORKER_MEMORY_LIMIT_BYTES', '1024'],
    ['WORKER_ROLES', 'training,training'],
    ['WORKER_ROLES', 'training,cleaning'],
    ['WEBHOOK_ALLOW_PRIVATE', 'yes'],
    ['REDIS_URL', 'http://redis:6379'],
    ['PUBLIC_URL', 'singan.example.org'],
    ['WEBHOOK_SIGNING_SECRET', 'secret'],
    ['WEBHOOK_SIGNING_SECRET', 'whsec_c2hvcnQ='],
    ['WEBHOOK_SIGNING_SECRET', `${SECRET}=`],
    ['LOG_LEVEL', 'verbose'],
    ['AUTH', 'keys'],
  ])('is refused for %s=%s', (name, text) => {
    expect(faultyNames({ [name]: text })).toEqual([name]);
  });

  it('lacks what S3 needs', () => {
    expect(faultyNames({ STORAGE: 's3' })).toEqual(['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']);
    expect(faultyNames({ ...S3, S3_BUCKET: 'No_Bucket' })).toEqual(['S3_BUCKET']);
  });

  it.each(['0.0.0.0', '192.168.1.5', '::', 'singan.example.org', '127.evil.example'])(
    'is open to the network at %s without authentication',
    (host) => {
      const error = faultsOf({ ...REQUIRED, HOST: host });
      expect(error.message).toContain(
        `HOST: expected a loopback address (127.0.0.1, ::1 or localhost), because AUTH is none`,
      );
      expect(error.message).toContain(`got "${host}"`);
    },
  );

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('is not the one that listens at %s', (host) => {
    expect(loadConfig({ ...REQUIRED, HOST: host }).http.host).toBe(host);
  });

  it('shows no secret', () => {
    const secrets = { DATABASE_URL: 'mysql://hunter2@db', REDIS_URL: 'hunter3', WEBHOOK_SIGNING_SECRET: 'hunter4' };
    const error = faultsOf(secrets);
    expect(error.errors).toHaveLength(3);
    expect(JSON.stringify([error.message, error.errors, error.context])).not.toContain('hunter');
    expect(error.message).toContain('got [redacted]');
  });
});

describe('a configuration for the log', () => {
  it('shows no secret and all the rest', () => {
    const config = loadConfig({ ...REQUIRED, ...S3 });
    const text = JSON.stringify(redactConfig(config));
    expect(text).not.toMatch(/hunter|whsec/);
    expect(text).toContain('"bucket":"pictures"');
    expect(redactConfig(loadConfig(REQUIRED)).storage).toEqual(loadConfig(REQUIRED).storage);
  });
});
