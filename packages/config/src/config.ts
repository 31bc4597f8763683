import type { VariableValues } from './variables.ts';

export type StorageConfig =
  | { readonly kind: 'local'; readonly directory: string }
  | {
      readonly kind: 's3';
      /** Absent: the one of AWS for the region. */
      readonly endpoint?: string;
      readonly region: string;
      readonly bucket: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly forcePathStyle: boolean;
    };

/** Everything that the environment decides; frozen. */
export interface Config {
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Base of links, without a slash at its end. */
    readonly publicUrl: string;
    readonly auth: VariableValues['AUTH'];
    readonly rateLimitPerMinute: number;
  };
  readonly database: { readonly url: string };
  readonly redis: { readonly url: string };
  readonly storage: StorageConfig;
  readonly engine: {
    readonly choice: VariableValues['ENGINE'];
    /** Absent: the engine decides. */
    readonly nativeIsa?: NonNullable<VariableValues['NATIVE_ISA']>;
    readonly nativeThreads?: number;
  };
  readonly worker: {
    readonly roles: VariableValues['WORKER_ROLES'];
    readonly memoryLimitBytes: number;
    readonly checkpointIntervalMs: number;
    readonly leaseMs: number;
  };
  readonly evaluation: {
    /** Path of a safetensors file. Absent: the weights that come with the service. */
    readonly sifidWeights?: string;
  };
  readonly uploads: { readonly maxBytes: number; readonly maxPixels: number; readonly maxSidePx: number };
  readonly samples: { readonly maxPixels: number };
  readonly webhooks: { readonly signingSecret: string; readonly allowPrivate: boolean };
  readonly log: { readonly level: VariableValues['LOG_LEVEL'] };
}

export function groupValues(values: VariableValues): Config {
  return {
    http: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: (values.PUBLIC_URL ?? listeningUrl(values.HOST, values.PORT)).replace(/\/+$/, ''),
      auth: values.AUTH,
      rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    },
    database: { url: values.DATABASE_URL },
    redis: { url: values.REDIS_URL },
    storage: storageConfig(values),
    engine: groupEngineValues(values),
    worker: {
      roles: values.WORKER_ROLES,
      memoryLimitBytes: values.WORKER_MEMORY_LIMIT_BYTES,
      checkpointIntervalMs: values.CHECKPOINT_INTERVAL_MS,
      leaseMs: values.LEASE_MS,
    },
    evaluation: values.SIFID_WEIGHTS === null ? {} : { sifidWeights: values.SIFID_WEIGHTS },
    uploads: {
      maxBytes: values.UPLOAD_MAX_BYTES,
      maxPixels: values.UPLOAD_MAX_PIXELS,
      maxSidePx: values.UPLOAD_MAX_SIDE_PX,
    },
    samples: { maxPixels: values.SAMPLE_MAX_PIXELS },
    webhooks: { signingSecret: values.WEBHOOK_SIGNING_SECRET, allowPrivate: values.WEBHOOK_ALLOW_PRIVATE },
    log: { level: values.LOG_LEVEL },
  };
}

export function groupEngineValues(
  values: Pick<VariableValues, 'ENGINE' | 'NATIVE_ISA' | 'NATIVE_THREADS'>,
): Config['engine'] {
  return {
    choice: values.ENGINE,
    ...(values.NATIVE_ISA === null ? {} : { nativeIsa: values.NATIVE_ISA }),
    ...(values.NATIVE_THREADS === null ? {} : { nativeThreads: values.NATIVE_THREADS }),
  };
}

/** That nothing is missing for S3 has been checked before. */
function storageConfig(values: VariableValues): StorageConfig {
  if (values.STORAGE === 'local') return { kind: 'local', directory: values.STORAGE_DIR };
  return {
    kind: 's3',
    ...(values.S3_ENDPOINT === null ? {} : { endpoint: values.S3_ENDPOINT }),
    region: values.S3_REGION,
    bucket: values.S3_BUCKET ?? '',
    accessKeyId: values.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: values.S3_SECRET_ACCESS_KEY ?? '',
    forcePathStyle: values.S3_FORCE_PATH_STYLE,
  };
}

function listeningUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
