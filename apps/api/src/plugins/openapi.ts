import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { addNamedSchemas, nameSchemas } from '../http/openapi-document.ts';

const DESCRIPTION = `Trains a generative model on one picture and draws new pictures from it.

Errors are \`application/problem+json\` with a stable \`code\`. Create calls take \`Idempotency-Key\` and \`Prefer: wait=N\`. Lists are paged by \`cursor\`.`;

/** As everywhere, but for styles: swagger-ui sets its own inline. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** /openapi.json, made from the schemas that check the requests, and /docs, a page that shows it and tries it out. */
export default fp(
  async (app) => {
    nameSchemas();
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'SinGAN service', version: '1.0.0', description: DESCRIPTION },
        tags: [
          { name: 'models', description: 'Pictures and the models trained on them' },
          { name: 'jobs', description: 'Trainings and drawings: state, events, cancel, retry' },
          { name: 'artifacts', description: 'Pictures that jobs made' },
          { name: 'service', description: 'State of the service' },
        ],
      },
      transform: jsonSchemaTransform,
      transformObject: addNamedSchemas,
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: DOCS_POLICY,
      theme: {
        title: 'SinGAN service: API',
        css: [{ filename: 'docs.css', content: '.swagger-ui .topbar { display: none }' }],
      },
    });
    app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/json').send(app.swagger()),
    );
  },
  { name: 'openapi', dependencies: ['errors', 'security-headers'] },
);
