/** What the api and the worker of the embedded stack are told; everything else is theirs to default. */
export interface ServiceAddresses {
  readonly port: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly objects: string;
  readonly webhookSigningSecret: string;
  readonly engine: string | null;
}

/** @param inherited the environment of this process: PATH and the like, and settings of the user's that the stack does not make itself */
export function serviceEnvironment(inherited: NodeJS.ProcessEnv, o: ServiceAddresses): NodeJS.ProcessEnv {
  return {
    ...inherited,
    HOST: '127.0.0.1',
    PORT: String(o.port),
    PUBLIC_URL: `http://127.0.0.1:${o.port}`,
    DATABASE_URL: o.databaseUrl,
    REDIS_URL: o.redisUrl,
    STORAGE: 'local',
    STORAGE_DIR: o.objects,
    WORKER_ROLES: 'training,generation,webhooks,maintenance',
    WEBHOOK_SIGNING_SECRET: o.webhookSigningSecret,
    // Everything here is on one machine, webhook receivers too.
    WEBHOOK_ALLOW_PRIVATE: 'true',
    AUTH: 'none',
    ...(o.engine === null ? {} : { ENGINE: o.engine }),
  };
}
