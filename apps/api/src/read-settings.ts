import type { Config } from '@singan/config';
import { ENGINE_GFLOPS, engineMemoryBytes } from '@singan/plan';
import type { ApiSettings } from './dependencies.ts';
import { DEFAULT_OVERLOAD_LIMITS } from './http/overload-reason.ts';

/** 1000 frames of the paper's size (250x250), or 95 of the largest (1024x1024); the writer holds them all, at 3 bytes a pixel. */
const ANIMATION_MAX_PIXELS = 100_000_000;

/** What of the configuration the routes go by. */
export function readSettings(config: Config): ApiSettings {
  const { choice } = config.engine;
  return {
    uploads: config.uploads,
    sampleMaxPixels: config.samples.maxPixels,
    animationMaxPixels: ANIMATION_MAX_PIXELS,
    // What "auto" will take is known to the workers alone: they look again.
    trainingMemoryBytes: Math.min(config.worker.memoryLimitBytes, engineMemoryBytes(choice)),
    trainingGigaFlops: ENGINE_GFLOPS[choice === 'auto' ? 'native' : choice],
    requestsPerMinute: config.http.rateLimitPerMinute,
    isPrivateWebhookAllowed: config.webhooks.allowPrivate,
    pictureOrigins: pictureOrigins(config.storage),
    overload: DEFAULT_OVERLOAD_LIMITS,
  };
}

/** Origins of signed URLs: the server's own, or one with the bucket in the host name. */
export function pictureOrigins(storage: Config['storage']): string[] {
  if (storage.kind === 'local') return [];
  const endpoint = new URL(storage.endpoint ?? `https://s3.${storage.region}.amazonaws.com`);
  return storage.forcePathStyle
    ? [endpoint.origin]
    : [`${endpoint.protocol}//${storage.bucket}.${endpoint.host}`, endpoint.origin];
}
