import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { envExample, loadConfig } from './index.ts';
import { VARIABLE_NAMES } from './variables.ts';

const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** The file with every assignment that is commented out made real. */
const uncommented = envExample().replaceAll(/^# ([A-Z0-9_]+=)/gm, '$1');

describe('the example environment', () => {
  it('is the committed .env.example (else run: node scripts/env-example.mjs)', () => {
    expect(readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')).toBe(envExample());
  });

  it('names every variable', () => {
    expect(Object.keys(parseEnv(uncommented)).sort()).toEqual(VARIABLE_NAMES.toSorted());
  });

  it('asks for the required ones only, and shows the defaults of the others', () => {
    const asked = { ...parseEnv(envExample()), WEBHOOK_SIGNING_SECRET: SIGNING_SECRET };
    expect(Object.keys(asked)).toEqual(['DATABASE_URL', 'REDIS_URL', 'WEBHOOK_SIGNING_SECRET']);
    const shown = {
      ...parseEnv(uncommented),
      WEBHOOK_SIGNING_SECRET: SIGNING_SECRET,
      PUBLIC_URL: '',
      SIFID_WEIGHTS: '',
    };
    expect(loadConfig(shown)).toEqual(loadConfig(asked));
  });
});
