// Generates the Prisma client. Its command line asks for a schema engine that only migrations need; naming any program satisfies it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('prisma/schema.prisma')) {
  const result = spawnSync('prisma', ['generate', '--schema', 'prisma/schema.prisma'], {
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.exit(result.status ?? 1);
}
