import type { Database, JobListener } from '@singan/database';
import type { Clock, IdFactory } from '@singan/domain';
import type { Queues } from '@singan/queue';
import type { ObjectStore } from '@singan/storage';
import type { Logger } from 'pino';
import type { RunInTurn } from './http/limit-concurrency.ts';
import type { OverloadLimits } from './http/overload-reason.ts';

/** What the operator decides, in the words of the routes. */
export interface ApiSettings {
  readonly uploads: { readonly maxBytes: number; readonly maxPixels: number; readonly maxSidePx: number };
  readonly sampleMaxPixels: number;
  /** Of all frames of an animation together. */
  readonly animationMaxPixels: number;
  /** Memory that a training may take on a worker. */
  readonly trainingMemoryBytes: number;
  /** Sustained speed of the workers' engine, for the estimate of a training's time. */
  readonly trainingGigaFlops: number;
  readonly requestsPerMinute: number;
  /** Whether webhooks may lead into private networks. */
  readonly isPrivateWebhookAllowed: boolean;
  /** Where signed URLs of pictures lead; empty when the service streams them itself. */
  readonly pictureOrigins: readonly string[];
  readonly overload: OverloadLimits;
}

/** Everything the API works with; whoever makes it closes it. */
export interface ApiDependencies {
  readonly database: Database;
  readonly listener: JobListener;
  readonly store: ObjectStore;
  readonly queues: Queues;
  readonly settings: ApiSettings;
  readonly clock: Clock;
  readonly ids: IdFactory;
  /** Draws an unsigned 32-bit seed. */
  readonly drawSeed: () => number;
  /** Whether animations can be written as MP4. */
  readonly canWriteMp4: () => Promise<boolean>;
  readonly logger: Logger;
  /** Existing folder for uploads on their way in; each upload's file is removed with its request. */
  readonly uploadDirectory: string;
}

/** What a route that takes pictures gets besides. */
export interface UploadRouteOptions extends ApiDependencies {
  /** Each decoding of an upload is a process of its own: they take turns, over all routes. */
  readonly decodeInTurn: RunInTurn;
}
