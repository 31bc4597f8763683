import type { Config } from './config.ts';

const REDACTED = '[redacted]';

/** The configuration as it may be logged: every secret, and every URL that may hold a password, replaced. */
export function redactConfig(config: Config): Config {
  const { storage, webhooks } = config;
  return {
    ...config,
    database: { url: REDACTED },
    redis: { url: REDACTED },
    storage: storage.kind === 's3' ? { ...storage, accessKeyId: REDACTED, secretAccessKey: REDACTED } : storage,
    webhooks: { ...webhooks, signingSecret: REDACTED },
  };
}
