import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Made at the first start and kept: webhooks stay verifiable, and the servers let in only this stack. */
export interface Secrets {
  /** Names what lies outside of the data directory; a new directory gets a new one. */
  readonly installationId: string;
  readonly postgresPassword: string;
  readonly redisPassword: string;
  /** Standard Webhooks: `whsec_` and base64. */
  readonly webhookSigningSecret: string;
}

export function loadSecrets(file: string): Secrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const secrets: Secrets = {
    installationId: randomBytes(6).toString('hex'),
    postgresPassword: randomBytes(24).toString('hex'),
    redisPassword: randomBytes(24).toString('hex'),
    webhookSigningSecret: `whsec_${randomBytes(32).toString('base64')}`,
  };
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}
