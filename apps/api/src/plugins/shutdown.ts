import type { Server } from 'node:http';
import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the caller of a reply has gone, and when the server begins to close: what ends waits and event streams. */
    abandonSignal(reply: FastifyReply): AbortSignal;
  }
}

const IDLE_CHECK_MS = 50;

/** Long answers end when nobody is there to read them, and do not hold up a shutdown. */
export default fp(
  async (app) => {
    const closing = new AbortController();
    app.addHook('preClose', async () => {
      closing.abort();
      closeConnectionsAsTheyIdle(app.server);
    });
    app.decorate('abandonSignal', (reply: FastifyReply) => {
      const gone = new AbortController();
      // Of the response: a request's own `close` comes as soon as its body is read.
      reply.raw.once('close', () => gone.abort());
      return AbortSignal.any([gone.signal, closing.signal]);
    });
  },
  { name: 'shutdown' },
);

/** A server that closes shuts only connections that are idle already; one whose answer ends a moment later would be kept alive for a minute. */
function closeConnectionsAsTheyIdle(server: Server): void {
  if (!server.listening) return;
  const timer = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  server.once('close', () => clearInterval(timer));
}
