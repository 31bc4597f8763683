import { defineConfig, env } from 'prisma/config';

// only for Prisma's own command line (`prisma migrate status --config prisma/prisma.config.ts`); the service never reads it
// biome-ignore lint/style/noDefaultExport: Prisma loads the default export
export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: env('DATABASE_URL') },
});
