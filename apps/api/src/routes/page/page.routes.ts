import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyPluginAsync } from 'fastify';

const FILES = [
  'page.css',
  'page.js',
  'api.js',
  'dom.js',
  'model-view.js',
  'models.js',
  'queues.js',
  'running.js',
  'words.js',
];
const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
const config = { isAlwaysAnswered: true, rateLimit: false } as const;

/** The ops page: a few static files, read once at start. They say themselves when the API does not answer, so they are always served. */
export const pageRoutes: FastifyPluginAsync = async (app) => {
  await serve('/', 'index.html');
  for (const file of FILES) await serve(`/page/${file}`, file);

  async function serve(address: string, file: string): Promise<void> {
    const content = await readFile(new URL(`../../page/${file}`, import.meta.url));
    const contentType = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
    app.get(address, { config, schema: { hide: true } }, async (_request, reply) =>
      reply.type(contentType).header('cache-control', 'no-cache').send(content),
    );
  }
};
