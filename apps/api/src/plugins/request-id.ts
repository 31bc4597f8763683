import fp from 'fastify-plugin';

/** Every answer names its request, so that a caller can quote it and the log can be searched for it. */
export default fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id);
    });
  },
  { name: 'request-id' },
);
