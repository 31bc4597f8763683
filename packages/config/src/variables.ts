import { flag, integer, listOf, oneOf, optional, text, url, variable } from './variable.ts';

export const STORAGE_KINDS = ['local', 's3'] as const;
export const ENGINE_CHOICES = ['auto', 'native', 'wasm', 'cpu'] as const;
export const NATIVE_ISAS = ['avx512', 'avx2', 'portable'] as const;
export const WORKER_ROLES = ['training', 'generation', 'webhooks', 'maintenance'] as const;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const AUTH_MODES = ['none'] as const;

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
const MINUTE_MS = 60_000;

/** `whsec_` and 24 to 64 bytes in base64, as the Standard Webhooks specification asks. */
const SIGNING_SECRET =
  /^whsec_(?=(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$)[A-Za-z0-9+/=]{32,88}$/;

/** Every variable of the environment that this service reads, in the order of the example file. */
export const VARIABLES = {
  HOST: variable(text('a host name or address'), {
    default: '127.0.0.1',
    description: 'Address that the api listens on.',
  }),
  PORT: variable(integer({ min: 0, max: 65_535 }), {
    default: '8080',
    description: 'Port that the api listens on; 0 takes a free one.',
  }),
  PUBLIC_URL: variable(optional(url(['http:', 'https:'])), {
    example: 'https://singan.example.org',
    description: 'Where clients reach the api: base of the links in webhooks. By default http://HOST:PORT.',
  }),
  AUTH: variable(oneOf(AUTH_MODES), {
    default: 'none',
    description: 'How callers prove who they are. "none" is refused unless HOST is a loopback address.',
  }),
  RATE_LIMIT_PER_MINUTE: variable(integer({ min: 1, max: 1_000_000, unit: 'requests' }), {
    default: '600',
    description: 'Requests that one address may send per minute.',
  }),
  DATABASE_URL: variable(url(['postgres:', 'postgresql:']), {
    example: 'postgres://user:password@127.0.0.1:5432/singan',
    description: 'PostgreSQL database: the truth about models and jobs.',
    isSecret: true,
  }),
  REDIS_URL: variable(url(['redis:', 'rediss:']), {
    example: 'redis://127.0.0.1:6379',
    description: 'Redis server: dispatches jobs, can be wiped. It must run with maxmemory-policy noeviction.',
    isSecret: true,
  }),
  STORAGE: variable(oneOf(STORAGE_KINDS), {
    default: 'local',
    description: 'Where pictures and weights are kept: a local folder, or a bucket of an S3-compatible server.',
  }),
  STORAGE_DIR: variable(text('a path'), {
    default: '.data/storage',
    description: 'Folder of STORAGE=local; all processes must see the same one.',
  }),
  S3_ENDPOINT: variable(optional(url(['http:', 'https:'])), {
    example: 'http://127.0.0.1:9000',
    description: 'Server of STORAGE=s3. By default the one of AWS for the region.',
  }),
  S3_REGION: variable(text('a region name'), { default: 'us-east-1', description: 'Region of the bucket.' }),
  S3_BUCKET: variable(optional(text('a bucket name', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)), {
    example: 'singan',
    description: 'Bucket; needed by STORAGE=s3. It must exist.',
  }),
  S3_ACCESS_KEY_ID: variable(optional(text('an access key')), {
    description: 'Access key; needed by STORAGE=s3.',
    isSecret: true,
  }),
  S3_SECRET_ACCESS_KEY: variable(optional(text('a secret key')), {
    description: 'Secret key; needed by STORAGE=s3.',
    isSecret: true,
  }),
  S3_FORCE_PATH_STYLE: variable(flag(), {
    default: 'true',
    description: 'Bucket in the path instead of the host name: what servers other than AWS want.',
  }),
  ENGINE: variable(oneOf(ENGINE_CHOICES), {
    default: 'auto',
    description: 'What trains and samples. "auto" takes the fastest one that this machine has.',
  }),
  NATIVE_ISA: variable(optional(oneOf(NATIVE_ISAS)), {
    description: 'Instruction set of the native engine. By default the fastest of this processor.',
  }),
  NATIVE_THREADS: variable(optional(integer({ min: 1, max: 1024, unit: 'threads' })), {
    description: 'Threads of the native engine. By default as many processors as this process may use.',
  }),
  SIFID_WEIGHTS: variable(optional(text('a path')), {
    example: '/srv/inception.safetensors',
    description:
      'Weights of Inception-v3 that pictures are scored with, as our converter writes them. By default those that come with the service.',
  }),
  WORKER_ROLES: variable(listOf(WORKER_ROLES), {
    default: WORKER_ROLES.join(','),
    description: 'Work that a worker process takes on.',
  }),
  WORKER_MEMORY_LIMIT_BYTES: variable(integer({ min: 256 * MIB, max: 1024 * GIB, unit: 'bytes' }), {
    default: String(8 * GIB),
    description:
      'Memory that one training may take; larger ones are refused when they are asked for. The wasm engine holds 3.5 GiB at most.',
  }),
  CHECKPOINT_INTERVAL_MS: variable(integer({ min: 1000, max: 60 * MINUTE_MS, unit: 'milliseconds' }), {
    default: String(MINUTE_MS),
    description: 'Longest piece of a training that a crash can cost.',
  }),
  LEASE_MS: variable(integer({ min: 1000, max: 10 * MINUTE_MS, unit: 'milliseconds' }), {
    default: '30000',
    description: 'How long a job stays with a worker that shows no life; renewed at a third of it.',
  }),
  UPLOAD_MAX_BYTES: variable(integer({ min: KIB, max: GIB, unit: 'bytes' }), {
    default: String(20 * MIB),
    description: 'Largest picture file.',
  }),
  UPLOAD_MAX_PIXELS: variable(integer({ min: 1024, max: 1_000_000_000, unit: 'pixels' }), {
    default: '50000000',
    description: 'Most pixels of an uploaded picture; it is decoded once, then shrunk.',
  }),
  UPLOAD_MAX_SIDE_PX: variable(integer({ min: 32, max: 65_535, unit: 'pixels' }), {
    default: '30000',
    description: 'Longest side of an uploaded picture.',
  }),
  SAMPLE_MAX_PIXELS: variable(integer({ min: 256, max: 268_435_456, unit: 'pixels' }), {
    default: '4000000',
    description: 'Most pixels of one sample.',
  }),
  WEBHOOK_SIGNING_SECRET: variable(text('whsec_ and 24 to 64 bytes in base64', SIGNING_SECRET), {
    description: 'Key that signs webhooks. To make one: echo "whsec_$(openssl rand -base64 32)".',
    isSecret: true,
  }),
  WEBHOOK_ALLOW_PRIVATE: variable(flag(), {
    default: 'false',
    description: 'Lets webhooks go to private addresses and over plain http; for trying things out.',
  }),
  LOG_LEVEL: variable(oneOf(LOG_LEVELS), {
    default: 'info',
    description: 'Least important log lines that are written.',
  }),
} as const;

export type VariableName = keyof typeof VARIABLES;
export const VARIABLE_NAMES = Object.keys(VARIABLES) as VariableName[];

type ValueOf<V> = V extends { schema: { _output: infer T } } ? T : never;

/** The value of every variable, read. */
export type VariableValues = { [N in VariableName]: ValueOf<(typeof VARIABLES)[N]> };
