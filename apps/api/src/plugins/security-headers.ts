import helmet from '@fastify/helmet';
import fp from 'fastify-plugin';

interface SecurityHeadersOptions {
  /** Where signed URLs of pictures lead, besides the service itself. */
  readonly pictureOrigins: readonly string[];
}

/** Headers for browsers. The policy lets the ops page run its own files and nothing else; inline scripts and styles never run. */
export default fp<SecurityHeadersOptions>(
  async (app, { pictureOrigins }) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:', ...pictureOrigins],
          connectSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      // The service itself speaks plain HTTP; whether a name is HTTPS for ever is for the proxy in front of it to say.
      hsts: false,
    });
  },
  { name: 'security-headers' },
);
