// Generates the Prisma client. Its command line asks for a schema engine that only migrations need; naming any program satisfies it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

if (existsSync(`${root}/prisma/schema.prisma`)) {
  const command = [
    `${root}/node_modules/prisma/build/index.js`,
    'generate',
    '--schema',
    `${root}/prisma/schema.prisma`,
  ];
  const result = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.platform === 'win32' ? process.execPath : '/bin/true',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (result.status !== 0) process.stderr.write(`prisma generate failed:\n${result.stdout}${result.stderr}\n`);
  process.exitCode = result.status ?? 1;
}
